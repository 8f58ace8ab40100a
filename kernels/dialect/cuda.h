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
__device__ double sqrt(double);
__device__ double cos(double);
__device__ double sin(double);

__device__ double fabs(double);
}
__device__ __forceinline__ float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__device__ __forceinline__ double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
#endif

#define KERNEL(name) extern "C" __global__ void quotient_##name
#define FUNCTION __device__ __forceinline__
#define GLOBAL
#define CONSTANT
#define LOCAL
#define restrict __restrict__
#define LOCAL_ARRAY(type, name, count) __shared__ type name[count]
#define SHARED(type, name)
#define SHARED_ARRAY(type, name) extern __shared__ type name[];

__device__ __forceinline__ int special_tid(int d)
{
    int x;
    if (d == 0) asm("mov.u32 %0, %%tid.x;" : "=r"(x));
    else if (d == 1) asm("mov.u32 %0, %%tid.y;" : "=r"(x));
    else asm("mov.u32 %0, %%tid.z;" : "=r"(x));
    return x;
}
__device__ __forceinline__ int special_ntid(int d)
{
    int x;
    if (d == 0) asm("mov.u32 %0, %%ntid.x;" : "=r"(x));
    else if (d == 1) asm("mov.u32 %0, %%ntid.y;" : "=r"(x));
    else asm("mov.u32 %0, %%ntid.z;" : "=r"(x));
    return x;
}
__device__ __forceinline__ long long special_ctaid(int d)
{
    unsigned x;
    if (d == 0) asm("mov.u32 %0, %%ctaid.x;" : "=r"(x));
    else if (d == 1) asm("mov.u32 %0, %%ctaid.y;" : "=r"(x));
    else asm("mov.u32 %0, %%ctaid.z;" : "=r"(x));
    return x;
}
__device__ __forceinline__ long long special_nctaid(int d)
{
    unsigned x;
    if (d == 0) asm("mov.u32 %0, %%nctaid.x;" : "=r"(x));
    else if (d == 1) asm("mov.u32 %0, %%nctaid.y;" : "=r"(x));
    else asm("mov.u32 %0, %%nctaid.z;" : "=r"(x));
    return x;
}

#define THREAD(d) special_tid(d)
#define THREADS(d) special_ntid(d)
#define GROUP(d) special_ctaid(d)
#define GROUPS(d) special_nctaid(d)
#define BARRIER() __syncthreads()
#define UNROLL _Pragma("unroll")

typedef long long INDEX;
typedef unsigned int UINT;
typedef unsigned long long WORD;

FUNCTION UINT HIGH_PRODUCT(UINT a, UINT b) { return (UINT)(((WORD)a * b) >> 32); }
