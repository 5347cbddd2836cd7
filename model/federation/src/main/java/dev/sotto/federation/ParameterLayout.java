package dev.sotto.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * How the trained tensors lie in one flat vector of floats: for every adapted layer ascending query A (rank x hidden),
 * query B (hidden x rank), value A, value B; then the classifier's weight (labels x hidden) and bias (labels).
 */
public final class ParameterLayout {

    private final List<NamedTensor> tensors;
    private final int size;

    private ParameterLayout(List<NamedTensor> tensors, int size) {
        this.tensors = List.copyOf(tensors);
        this.size = size;
    }

    /**
     * Lays out an adapter.
     *
     * @throws ConfigurationException if an adapted layer does not exist in the base model
     */
    public static ParameterLayout of(AdapterSpec adapter, BaseShape base, int labels) {
        Check.require(labels >= 2, "labels", labels, "at least two labels");
        List<NamedTensor> tensors = new ArrayList<>();
        int offset = 0;
        for (int layer : adapter.layers()) {
            Check.require(layer < base.layers(), "adapter.layers", layer, "below the base's " + base.layers());
            for (String projection : List.of("query", "value")) {
                String prefix = "base_model.model.encoder.layer." + layer + ".attention.self." + projection;
                offset = add(tensors, prefix + ".lora_A.weight", List.of(adapter.rank(), base.hidden()), offset);
                offset = add(tensors, prefix + ".lora_B.weight", List.of(base.hidden(), adapter.rank()), offset);
            }
        }
        offset = add(tensors, "base_model.model.classifier.weight", List.of(labels, base.hidden()), offset);
        offset = add(tensors, "base_model.model.classifier.bias", List.of(labels), offset);
        return new ParameterLayout(tensors, offset);
    }

    private static int add(List<NamedTensor> tensors, String name, List<Integer> shape, int offset) {
        NamedTensor tensor = new NamedTensor(name, shape, offset);
        tensors.add(tensor);
        return Math.addExact(offset, tensor.size());
    }

    /** The tensors in the order of the flat vector. */
    public List<NamedTensor> tensors() {
        return tensors;
    }

    /** The number of parameters. */
    public int size() {
        return size;
    }

    /** The first entry of the classifier, where the head's own learning rate begins. */
    public int headOffset() {
        return tensors.get(tensors.size() - 2).offset();
    }
}
