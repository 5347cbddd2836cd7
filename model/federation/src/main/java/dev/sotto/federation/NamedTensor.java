package dev.sotto.federation;

import java.util.List;

/**
 * One tensor of the adapter inside the flat parameter vector.
 *
 * @param name the PEFT-style name
 * @param shape the dimensions, row-major
 * @param offset the first entry in the flat vector
 */
public record NamedTensor(String name, List<Integer> shape, int offset) {
    public NamedTensor {
        shape = List.copyOf(shape);
    }

    /** The number of entries. */
    public int size() {
        return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }
}
