// OpenCL 1.2: the words in which all kernels are written. cuda.h has the same for CUDA.
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

#define KERNEL(name) __kernel void quotient_##name
#define FUNCTION static inline __attribute__((always_inline))
#define GLOBAL __global
#define CONSTANT __constant
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
#define UNROLL __attribute__((opencl_unroll_hint))

typedef long INDEX;
typedef uint UINT;
typedef ulong WORD;

#define HIGH_PRODUCT(a, b) mul_hi(a, b)
