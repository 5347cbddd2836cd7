package dev.sotto.bert;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an ONNX model file: its named initializers, and which initializer each MatMul node multiplies by.
 * Immutable; tensors are views into the file's bytes until they are asked for as floats.
 */
final class OnnxFile {
    private static final int FLOAT = 1;

    /** An initializer: its shape, ONNX element type and raw little-endian values. */
    private record Initializer(List<Integer> shape, int type, ByteBuffer raw) {}

    private final Map<String, Initializer> initializers = new HashMap<>();
    private final Map<String, String> matMulWeights = new HashMap<>();

    private OnnxFile() {}

    /**
     * Parses a model file.
     *
     * @throws IllegalArgumentException if the bytes are not a readable ONNX model
     */
    static OnnxFile parse(byte[] bytes) {
        OnnxFile file = new OnnxFile();
        try {
            ProtobufReader model = new ProtobufReader(ByteBuffer.wrap(bytes));
            while (model.hasMore()) {
                if (model.field() == 7) {
                    file.readGraph(model.message());
                } else {
                    model.skip();
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the ONNX file of %d bytes is cut short".formatted(bytes.length), e);
        }
        return file;
    }

    /** The tensor of this initializer name, or null. */
    @Nullable
    Weight initializer(String name) {
        Initializer found = initializers.get(name);
        if (found == null) {
            return null;
        }
        if (found.type() != FLOAT) {
            throw new IllegalArgumentException(
                    "tensor %s has ONNX element type %d but must be float32 (1)".formatted(name, found.type()));
        }
        float[] values = new float[found.raw().remaining() / Float.BYTES];
        found.raw().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new Weight(found.shape(), values);
    }

    /** The second factor of the MatMul node of this name, or null; it lies (in, out), transposed to torch's layout. */
    @Nullable
    Weight matMulWeight(String node) {
        String initializer = matMulWeights.get(node);
        return initializer == null ? null : initializer(initializer);
    }

    /** The number of MatMul nodes whose name ends so. */
    int matMulsEndingWith(String suffix) {
        return (int) matMulWeights.keySet().stream()
                .filter(name -> name.endsWith(suffix))
                .count();
    }

    private void readGraph(ProtobufReader graph) {
        while (graph.hasMore()) {
            switch (graph.field()) {
                case 1 -> readNode(graph.message());
                case 5 -> readInitializer(graph.message());
                default -> graph.skip();
            }
        }
    }

    private void readNode(ProtobufReader node) {
        List<String> inputs = new ArrayList<>();
        String name = "";
        String operator = "";
        while (node.hasMore()) {
            switch (node.field()) {
                case 1 -> inputs.add(node.string());
                case 3 -> name = node.string();
                case 4 -> operator = node.string();
                default -> node.skip();
            }
        }
        if (operator.equals("MatMul") && inputs.size() == 2) {
            matMulWeights.put(name, inputs.get(1));
        }
    }

    private void readInitializer(ProtobufReader tensor) {
        List<Integer> shape = new ArrayList<>();
        int type = 0;
        String name = "";
        ByteBuffer raw = ByteBuffer.allocate(0);
        while (tensor.hasMore()) {
            switch (tensor.field()) {
                case 1 -> readDimensions(tensor, shape);
                case 2 -> type = (int) tensor.varint();
                case 8 -> name = tensor.string();
                // Field 4 is float_data (packed), field 9 raw_data: the same bytes in either.
                case 4, 9 -> raw = tensor.bytes();
                default -> tensor.skip();
            }
        }
        initializers.put(name, new Initializer(shape, type, raw));
    }

    private static void readDimensions(ProtobufReader tensor, List<Integer> shape) {
        if (!tensor.isLengthDelimited()) {
            shape.add(Math.toIntExact(tensor.varint()));
            return;
        }
        ProtobufReader packed = tensor.message();
        while (packed.hasMore()) {
            shape.add(Math.toIntExact(packed.varint()));
        }
    }
}
