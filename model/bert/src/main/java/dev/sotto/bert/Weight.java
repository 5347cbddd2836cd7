package dev.sotto.bert;

import java.util.List;

/** One float32 tensor, row-major: matrices lie as torch has them, (out, in). The values are shared, not copied. */
final class Weight {
    private final List<Integer> shape;
    private final float[] values;

    Weight(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
        int size = this.shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of shape %s has %d values, got %d".formatted(shape, size, values.length));
        }
    }

    List<Integer> shape() {
        return shape;
    }

    float[] values() {
        return values;
    }

    int rows() {
        return shape.get(0);
    }

    int columns() {
        return shape.get(1);
    }

    /** The matrix with rows and columns exchanged. */
    Weight transposed() {
        int rows = rows();
        int columns = columns();
        float[] result = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result[column * rows + row] = values[row * columns + column];
            }
        }
        return new Weight(List.of(columns, rows), result);
    }

    /** The matrix with every column multiplied by a number of its own. */
    Weight timesColumns(Weight factors) {
        float[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factors.values[i % factors.values.length];
        }
        return new Weight(shape, result);
    }

    /** The tensors below one another: the first dimensions add up. */
    static Weight stacked(Weight... parts) {
        int rows = 0;
        int size = 0;
        for (Weight part : parts) {
            rows += part.rows();
            size += part.values.length;
        }
        float[] result = new float[size];
        int offset = 0;
        for (Weight part : parts) {
            System.arraycopy(part.values, 0, result, offset, part.values.length);
            offset += part.values.length;
        }
        List<Integer> shape = parts[0].shape.size() == 1 ? List.of(rows) : List.of(rows, parts[0].columns());
        return new Weight(shape, result);
    }
}
