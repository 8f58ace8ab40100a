// CUDA: the words in which all kernels are written. opencl.h has the same for OpenCL.
// Compiled by NVRTC, which knows CUDA's words itself, and by clang without a toolkit, which is told them here.
#ifndef __CUDACC_RTC__
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))
#define __restrict__ __restrict
extern "C" {
__device__ double exp(double);
__device__ double log(double);
__device__ double log1p(double);
__device__ double sqrt(double);
__device__ double cos(double);
__device__ double sin(double);
__device__ double fabs(double);
}
__device__ __forceinline__ double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
__device__ __forceinline__ float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__device__ __forceinline__ float sqrt(float a) { return __builtin_sqrtf(a); }
__device__ __forceinline__ float __ldg(const float* p) { return __nvvm_ldg_f(p); }
__device__ __forceinline__ double __ldg(const double* p) { return __nvvm_ldg_d(p); }
__device__ __forceinline__ unsigned long long __ldg(const unsigned long long* p) { return __nvvm_ldg_ull(p); }
#endif

#define KERNEL(name) extern "C" __global__ void quotient_##name
#define FUNCTION __device__ __forceinline__
#define GLOBAL
#define LOCAL
#define restrict __restrict__
#define LOCAL_ARRAY(type, name, count) __shared__ type name[count]
#define SHARED(type, name)
#define SHARED_ARRAY(type, name) extern __shared__ __attribute__((aligned(16))) type name[];

// special_tid(d) and its like: the registers with a thread's and a group's place, of which the compiler knows no variable.
#define SPECIAL_REGISTER(type, name) \
    FUNCTION type special_##name(int d) \
    { \
        unsigned x; \
        if (d == 0) asm("mov.u32 %0, %%" #name ".x;" : "=r"(x)); \
        else if (d == 1) asm("mov.u32 %0, %%" #name ".y;" : "=r"(x)); \
        else asm("mov.u32 %0, %%" #name ".z;" : "=r"(x)); \
        return x; \
    }
SPECIAL_REGISTER(int, tid)
SPECIAL_REGISTER(int, ntid)
SPECIAL_REGISTER(long long, ctaid)
SPECIAL_REGISTER(long long, nctaid)

#define THREAD(d) special_tid(d)
#define THREADS(d) special_ntid(d)
#define GROUP(d) special_ctaid(d)
#define GROUPS(d) special_nctaid(d)
#define BARRIER() __syncthreads()
#define UNROLL _Pragma("unroll")
// An element that no thread writes while the kernel runs.
#define CONSTANT_AT(p) __ldg(p)

FUNCTION unsigned address_of_shared(const void* p)
{
    unsigned long long address;
    asm("cvta.to.shared.u64 %0, %1;" : "=l"(address) : "l"(p));
    return (unsigned)address;
}
FUNCTION float bits_as_float(unsigned x)
{
    float y;
    asm("mov.b32 %0, %1;" : "=f"(y) : "r"(x));
    return y;
}
FUNCTION unsigned float_as_bits(float x)
{
    unsigned y;
    asm("mov.b32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
}

// So many bytes from global to local memory, of which those beyond count are zeroed, while the threads go on.
FUNCTION void copy_later(void* to, const void* from, int bytes, int count)
{
    unsigned at = address_of_shared(to);
    if (bytes == 16)
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(at), "l"(from), "r"(count) : "memory");
    else if (bytes == 8)
        asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;" ::"r"(at), "l"(from), "r"(count) : "memory");
    else
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(at), "l"(from), "r"(count) : "memory");
}
#define COPIES_QUEUED() asm volatile("cp.async.commit_group;" ::: "memory")
#define COPIES_DONE_BUT(n) asm volatile("cp.async.wait_group %0;" ::"n"(n) : "memory")

// A float rounded to the 11 bits that a tensor core reads.
FUNCTION float round_to_tensor(float x)
{
    unsigned y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return bits_as_float(y);
}

// d += a·b over a warp: a is 16 × 8, b 8 × 8, d 16 × 8, each thread with the elements that the PTX manual gives it
// (section "Matrix Fragments for mma.m16n8k8").
#define MULTIPLY_TENSOR(d, a, b) \
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
        : "+f"((d)[0]), "+f"((d)[1]), "+f"((d)[2]), "+f"((d)[3]) \
        : "r"(float_as_bits((a)[0])), "r"(float_as_bits((a)[1])), "r"(float_as_bits((a)[2])), "r"(float_as_bits((a)[3])), \
          "r"(float_as_bits((b)[0])), "r"(float_as_bits((b)[1])))
#define TENSOR_SCRATCH

typedef long long INDEX;
typedef unsigned int UINT;
typedef unsigned long long WORD;

FUNCTION UINT HIGH_PRODUCT(UINT a, UINT b) { return (UINT)(((WORD)a * b) >> 32); }

FUNCTION int POPCOUNT(WORD x)
{
    int count;
    asm("popc.b64 %0, %1;" : "=r"(count) : "l"(x));
    return count;
}

// d += popcount(a and b) over a warp: a is 16 × 8 and b 8 × 8 words of 32 bits, d 16 × 8, spread over the threads like those of
// MULTIPLY_TENSOR. Hopper has no such product with an exclusive or.
#define COUNT_TENSOR(d, a, b) \
    asm("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
        : "+r"((d)[0]), "+r"((d)[1]), "+r"((d)[2]), "+r"((d)[3]) \
        : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]))
#define COUNT_SCRATCH
