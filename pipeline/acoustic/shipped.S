/* SILBE_SHIPPED_WEIGHTS: path of the weights file; without it the piece is empty. */
        .section .rodata
        .balign 64
        .globl silbe_shipped_weights_begin
        .globl silbe_shipped_weights_end
silbe_shipped_weights_begin:
#ifdef SILBE_SHIPPED_WEIGHTS
        .incbin SILBE_SHIPPED_WEIGHTS
#endif
silbe_shipped_weights_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
