package dev.sotto.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * How the trained tensors lie in one flat vector of floats: for every adapted layer ascending query A (rank x hidden),
 * query B (hidden x rank), value A, value B; then every head's weight (outputs x hidden) and bias (outputs); then, if the
 * task has statistics, of every column the share of rows that have it and their sum over all rows. Immutable.
 */
public final class ParameterLayout {
    private static final String PREFIX = "base_model.model.";

    private final List<NamedTensor> tensors;
    private final int firstHead;
    private final int heads;
    private final int size;

    private ParameterLayout(List<NamedTensor> tensors, int firstHead, int heads, int size) {
        this.tensors = List.copyOf(tensors);
        this.firstHead = firstHead;
        this.heads = heads;
        this.size = size;
    }

    /**
     * Lays out a design on a base model.
     *
     * @throws ConfigurationException if an adapted layer does not exist in the base model
     */
    public static ParameterLayout of(ModelDesign design, BaseShape base) {
        List<NamedTensor> tensors = new ArrayList<>();
        AdapterSpec adapter = design.adapter();
        int offset = 0;
        for (int layer : adapter.layers()) {
            Check.require(layer < base.layers(), "adapter.layers", layer, "below the base's " + base.layers());
            for (String projection : List.of("query", "value")) {
                String name = "encoder.layer." + layer + ".attention.self." + projection;
                offset = add(tensors, name + ".lora_A.weight", List.of(adapter.rank(), base.hidden()), offset);
                offset = add(tensors, name + ".lora_B.weight", List.of(base.hidden(), adapter.rank()), offset);
            }
        }
        int firstHead = tensors.size();
        for (HeadSpec head : design.heads()) {
            offset = add(tensors, "heads." + head.name() + ".weight", List.of(head.outputs(), base.hidden()), offset);
            offset = add(tensors, "heads." + head.name() + ".bias", List.of(head.outputs()), offset);
        }
        if (!design.statistics().isEmpty()) {
            offset = add(tensors, "statistics", List.of(design.statistics().size(), 2), offset);
        }
        return new ParameterLayout(tensors, firstHead, design.heads().size(), offset);
    }

    private static int add(List<NamedTensor> tensors, String name, List<Integer> shape, int offset) {
        NamedTensor tensor = new NamedTensor(PREFIX + name, shape, offset);
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

    /** The first entry of the heads, where their own learning rate begins. */
    public int headOffset() {
        return tensors.get(firstHead).offset();
    }

    /** The entry after the heads: what follows is set and not trained. */
    public int headEnd() {
        NamedTensor last = bias(heads - 1);
        return last.offset() + last.size();
    }

    /** The place among the tensors of a head's weight; its bias is the next. */
    public int weightIndex(int head) {
        return firstHead + 2 * head;
    }

    /** A head's weight, (outputs, hidden). */
    public NamedTensor weight(int head) {
        return tensors.get(weightIndex(head));
    }

    /** A head's bias, (outputs). */
    public NamedTensor bias(int head) {
        return tensors.get(weightIndex(head) + 1);
    }
}
