//go:build !amd64

package route

func kernels32() []kernel[uint32] { return []kernel[uint32]{scalar[uint32]()} }

func kernels64() []kernel[uint64] { return []kernel[uint64]{scalar[uint64]()} }
