// OpenCL 1.2: the words in which all kernels are written. cuda.h has the same for CUDA.
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL(name) __kernel void quotient_##name
#define FUNCTION static inline __attribute__((always_inline))
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_ARRAY(type, name, count) __local type name[count]
// The last parameter of a kernel whose group shares memory by an amount that the launch decides.
#define SHARED(type, name) , __local type* restrict name
#define SHARED_ARRAY(type, name)

#define THREAD(d) ((int)get_local_id(d))
#define THREADS(d) ((int)get_local_size(d))
#define GROUP(d) ((long)get_group_id(d))
#define GROUPS(d) ((long)get_num_groups(d))
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define CONSTANT_AT(p) (*(p))
#ifdef EMULATE_TENSOR
// Barriers inside unrolled loops would take a processor's compiler minutes.
#define UNROLL
#else
#define UNROLL _Pragma("unroll")
#endif

typedef long INDEX;
typedef uint UINT;
typedef ulong WORD;

#define HIGH_PRODUCT(a, b) mul_hi(a, b)

// Tensor cores do not exist here; what follows computes the same, slowly, so that kernels for them can be tested on any device.
static inline void copy_later(__local void* to, const __global void* from, int bytes, int count)
{
    for (int i = 0; i < bytes / 4; i++)
        ((__local uint*)to)[i] = i < count / 4 ? ((const __global uint*)from)[i] : 0;
}
#define COPIES_QUEUED()
#define COPIES_DONE_BUT(n)

static inline float round_to_tensor(float x) { return as_float((as_uint(x) + 0x1000u) & ~0x1fffu); }

#define TENSOR_SCRATCH __local float scratch_a[4][GROUP_THREADS], scratch_b[2][GROUP_THREADS]
#define MULTIPLY_TENSOR(d, a, b) multiply_tensor(d, a, b, scratch_a[0], scratch_b[0], get_local_size(0))

// Thread (g, t) of a warp, lane 4g + t, has a_(g, t), a_(g+8, t), a_(g, t+4), a_(g+8, t+4); b_(t, g), b_(t+4, g);
// d_(g, 2t), d_(g, 2t+1), d_(g+8, 2t), d_(g+8, 2t+1).
static inline void multiply_tensor(float* d, const float* a, const float* b, __local float* as, __local float* bs, size_t threads)
{
    size_t thread = get_local_id(0), warp = thread / 32 * 32, lane = thread % 32;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < 4; i++)
        as[i * threads + thread] = a[i];
    for (int i = 0; i < 2; i++)
        bs[i * threads + thread] = b[i];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < 4; i++) {
        size_t row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
        for (size_t k = 0; k < 8; k++)
            d[i] = fma(as[(row / 8 + k / 4 * 2) * threads + warp + row % 8 * 4 + k % 4],
                bs[k / 4 * threads + warp + column * 4 + k % 4], d[i]);
    }
}

#define POPCOUNT(x) popcount(x)

#define COUNT_SCRATCH __local uint scratch_a[4][GROUP_THREADS], scratch_b[2][GROUP_THREADS]
#define COUNT_TENSOR(d, a, b) count_tensor(d, a, b, scratch_a[0], scratch_b[0], get_local_size(0))

// The threads of a warp share words as they share elements in multiply_tensor.
static inline void count_tensor(int* d, const uint* a, const uint* b, __local uint* as, __local uint* bs, size_t threads)
{
    size_t thread = get_local_id(0), warp = thread / 32 * 32, lane = thread % 32;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < 4; i++)
        as[i * threads + thread] = a[i];
    for (int i = 0; i < 2; i++)
        bs[i * threads + thread] = b[i];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < 4; i++) {
        size_t row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
        for (size_t k = 0; k < 8; k++)
            d[i] += (int)popcount(as[(row / 8 + k / 4 * 2) * threads + warp + row % 8 * 4 + k % 4]
                & bs[k / 4 * threads + warp + column * 4 + k % 4]);
    }
}
