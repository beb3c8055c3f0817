/* SILBE_SHIPPED_FIRST, _SECOND: paths of the weights files; without them both pieces are empty. */
        .section .rodata
        .balign 64
        .globl silbe_shipped_first
        .globl silbe_shipped_second
        .globl silbe_shipped_end
silbe_shipped_first:
#ifdef SILBE_SHIPPED_FIRST
        .incbin SILBE_SHIPPED_FIRST
#endif
silbe_shipped_second:
#ifdef SILBE_SHIPPED_SECOND
        .incbin SILBE_SHIPPED_SECOND
#endif
silbe_shipped_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
