#include "textflag.h"

// The inner loops of hierarchy_sweep.go in vector registers. Registers:
//	DI costs by node, SI begin, R8 seed, R9 start, R10 from, R11 cost,
//	R12 nodes left, R13 the line of the node at hand, AX arc, CX end of its arcs.

#define SWEEP_ARGUMENTS \
	MOVQ dist+0(FP), DI;   \
	MOVQ begin+8(FP), SI;  \
	MOVQ seed+16(FP), R8;  \
	MOVQ start+24(FP), R9; \
	MOVQ from+32(FP), R10; \
	MOVQ cost+40(FP), R11; \
	MOVQ nodes+48(FP), R12

// func sweep32AVX512(dist, begin, seed, start, from, cost *uint32, nodes int)
TEXT ·sweep32AVX512(SB), NOSPLIT, $0-56
	SWEEP_ARGUMENTS
	LEAQ 64(DI), R13
	MOVL (R9), AX

node:
	SUBQ $1, R12
	JB   done
	MOVL (R8), BX
	SHLQ $6, BX
	VMOVDQU32 (SI)(BX*1), Z0
	ADDQ $4, R8
	ADDQ $4, R9
	MOVL (R9), CX
	CMPQ AX, CX
	JAE  store

arc:
	MOVL (R10)(AX*4), BX
	SHLQ $6, BX
	VPBROADCASTD (R11)(AX*4), Z1
	VPADDD (DI)(BX*1), Z1, Z1
	VPMINUD Z1, Z0, Z0
	INCQ AX
	CMPQ AX, CX
	JB   arc

store:
	VMOVDQU32 Z0, (R13)
	ADDQ $64, R13
	JMP  node

done:
	VZEROUPPER
	RET

// func sweep32AVX2(dist, begin, seed, start, from, cost *uint32, nodes int)
TEXT ·sweep32AVX2(SB), NOSPLIT, $0-56
	SWEEP_ARGUMENTS
	LEAQ 64(DI), R13
	MOVL (R9), AX

node:
	SUBQ $1, R12
	JB   done
	MOVL (R8), BX
	SHLQ $6, BX
	VMOVDQU (SI)(BX*1), Y0
	VMOVDQU 32(SI)(BX*1), Y1
	ADDQ $4, R8
	ADDQ $4, R9
	MOVL (R9), CX
	CMPQ AX, CX
	JAE  store

arc:
	MOVL (R10)(AX*4), BX
	SHLQ $6, BX
	VPBROADCASTD (R11)(AX*4), Y2
	VPADDD (DI)(BX*1), Y2, Y3
	VPADDD 32(DI)(BX*1), Y2, Y4
	VPMINUD Y3, Y0, Y0
	VPMINUD Y4, Y1, Y1
	INCQ AX
	CMPQ AX, CX
	JB   arc

store:
	VMOVDQU Y0, (R13)
	VMOVDQU Y1, 32(R13)
	ADDQ $64, R13
	JMP  node

done:
	VZEROUPPER
	RET

// func sweep64AVX512(dist, begin *uint64, seed, start, from *uint32, cost *uint64, nodes int)
TEXT ·sweep64AVX512(SB), NOSPLIT, $0-56
	SWEEP_ARGUMENTS
	LEAQ 128(DI), R13
	MOVL (R9), AX

node:
	SUBQ $1, R12
	JB   done
	MOVL (R8), BX
	SHLQ $7, BX
	VMOVDQU64 (SI)(BX*1), Z0
	VMOVDQU64 64(SI)(BX*1), Z1
	ADDQ $4, R8
	ADDQ $4, R9
	MOVL (R9), CX
	CMPQ AX, CX
	JAE  store

arc:
	MOVL (R10)(AX*4), BX
	SHLQ $7, BX
	VPBROADCASTQ (R11)(AX*8), Z2
	VPADDQ (DI)(BX*1), Z2, Z3
	VPADDQ 64(DI)(BX*1), Z2, Z4
	VPMINUQ Z3, Z0, Z0
	VPMINUQ Z4, Z1, Z1
	INCQ AX
	CMPQ AX, CX
	JB   arc

store:
	VMOVDQU64 Z0, (R13)
	VMOVDQU64 Z1, 64(R13)
	ADDQ $128, R13
	JMP  node

done:
	VZEROUPPER
	RET

// func collect32AVX512(dist *uint32, feet *footing[uint32], n int, inf uint32, out *uint32, stride int, used uint32)
TEXT ·collect32AVX512(SB), NOSPLIT, $0-52
	MOVQ dist+0(FP), DI
	MOVQ feet+8(FP), SI
	MOVQ n+16(FP), R12
	MOVL inf+24(FP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Z31
	MOVQ out+32(FP), R13
	MOVQ stride+40(FP), R14
	SHLQ $2, R14
	MOVL used+48(FP), AX
	KMOVW AX, K2

place:
	SUBQ $1, R12
	JB   done
	MOVL (SI), AX
	MOVL 4(SI), BX
	SHLQ $6, AX
	SHLQ $6, BX
	VPBROADCASTD 8(SI), Z1
	VPBROADCASTD 12(SI), Z2
	VPADDD (DI)(AX*1), Z1, Z1
	VPADDD (DI)(BX*1), Z2, Z2
	VPMINUD Z2, Z1, Z1
	VPCMPUD $5, Z31, Z1, K1
	VPTERNLOGD $0xff, Z1, Z1, K1, Z1
	VMOVDQU32 Z1, K2, (R13)
	ADDQ $16, SI
	ADDQ R14, R13
	JMP  place

done:
	VZEROUPPER
	RET

// func collect32AVX2(dist *uint32, feet *footing[uint32], n int, inf uint32, out *uint32, stride int)
TEXT ·collect32AVX2(SB), NOSPLIT, $0-48
	MOVQ dist+0(FP), DI
	MOVQ feet+8(FP), SI
	MOVQ n+16(FP), R12
	MOVL inf+24(FP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y15
	MOVQ out+32(FP), R13
	MOVQ stride+40(FP), R14
	SHLQ $2, R14

place:
	SUBQ $1, R12
	JB   done
	MOVL (SI), AX
	MOVL 4(SI), BX
	SHLQ $6, AX
	SHLQ $6, BX
	VPBROADCASTD 8(SI), Y4
	VPBROADCASTD 12(SI), Y5
	VPADDD (DI)(AX*1), Y4, Y0
	VPADDD 32(DI)(AX*1), Y4, Y1
	VPADDD (DI)(BX*1), Y5, Y2
	VPADDD 32(DI)(BX*1), Y5, Y3
	VPMINUD Y2, Y0, Y0
	VPMINUD Y3, Y1, Y1
	VPMAXUD Y15, Y0, Y2
	VPMAXUD Y15, Y1, Y3
	VPCMPEQD Y2, Y0, Y2
	VPCMPEQD Y3, Y1, Y3
	VPOR Y2, Y0, Y0
	VPOR Y3, Y1, Y1
	VMOVDQU Y0, (R13)
	VMOVDQU Y1, 32(R13)
	ADDQ $16, SI
	ADDQ R14, R13
	JMP  place

done:
	VZEROUPPER
	RET
