package dev.sotto.bert;

/** The arithmetic a scorer is compiled to. The head and the probabilities are float32 in all of them. */
public enum Variant {
    /** Single precision: the reference. */
    FP32(ElementType.FLOAT32, "dense.py"),
    /** Half the memory; fast where the processor has bfloat16 instructions, slow where it has none. */
    BF16(ElementType.BFLOAT16, "dense.py"),
    /**
     * Int8 matrices, one scale per output, activations quantized as they come. A text's scores depend, within the
     * quantization step, on the texts it shares a batch with.
     */
    INT8(ElementType.FLOAT32, "dense-int8.py");

    private final ElementType storage;
    private final String dense;

    Variant(ElementType storage, String dense) {
        this.storage = storage;
        this.dense = dense;
    }

    ElementType storage() {
        return storage;
    }

    /** The resource file of the linear layer. */
    String dense() {
        return dense;
    }
}
