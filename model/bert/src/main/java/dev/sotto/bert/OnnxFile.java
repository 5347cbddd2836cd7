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
 * What an ONNX model file says of its weights: its named tensors, constants among them, and what each node takes in.
 * Immutable; tensors are views into the file's bytes until they are asked for as floats.
 */
final class OnnxFile {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    /** A tensor of the file: its shape, ONNX element type and raw little-endian values. */
    private record Tensor(List<Integer> shape, int type, ByteBuffer raw) {
        ByteBuffer values() {
            return raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private record Node(String operator, List<String> inputs) {}

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Node> producers = new HashMap<>();

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

    /** The tensor of this name, or null; a constant goes by the name of its node's output. */
    @Nullable
    Weight tensor(String name) {
        Tensor found = tensors.get(name);
        if (found == null) {
            return null;
        }
        requireType(name, found, FLOAT, "float32");
        float[] values = new float[found.raw().remaining() / Float.BYTES];
        found.values().asFloatBuffer().get(values);
        return new Weight(found.shape(), values);
    }

    /** The shape of the tensor of this name, or null. */
    @Nullable
    List<Integer> shape(String name) {
        Tensor found = tensors.get(name);
        return found == null ? null : found.shape();
    }

    /** The one integer that the tensor of this name holds, or null if there is no such tensor. */
    @Nullable
    Long integer(String name) {
        Tensor found = tensors.get(name);
        if (found == null) {
            return null;
        }
        requireType(name, found, INT64, "int64");
        if (found.raw().remaining() != Long.BYTES) {
            throw new IllegalArgumentException("tensor %s has %d bytes but must be one int64 of 8"
                    .formatted(name, found.raw().remaining()));
        }
        return found.values().getLong();
    }

    private static void requireType(String name, Tensor tensor, int type, String typeName) {
        if (tensor.type() != type) {
            throw new IllegalArgumentException("tensor %s has ONNX element type %d but must be %s (%d)"
                    .formatted(name, tensor.type(), typeName, type));
        }
    }

    /** The second factor of the MatMul node of this name, or null; it lies (in, out), transposed to torch's layout. */
    @Nullable
    Weight matMulWeight(String node) {
        Node found = nodes.get(node);
        return found == null || !isMatMul(found) ? null : tensor(found.inputs().get(1));
    }

    /** The number of MatMul nodes whose name ends so. */
    int matMulsEndingWith(String suffix) {
        return (int) nodes.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(suffix) && isMatMul(entry.getValue()))
                .count();
    }

    private static boolean isMatMul(Node node) {
        return node.operator().equals("MatMul") && node.inputs().size() == 2;
    }

    /** What the node of this name takes in, by name; empty if there is no such node. */
    List<String> inputs(String node) {
        Node found = nodes.get(node);
        return found == null ? List.of() : found.inputs();
    }

    /** What the node that puts out this value takes in, by name; empty if there is no such node. */
    List<String> inputsOfProducer(String output) {
        Node found = producers.get(output);
        return found == null ? List.of() : found.inputs();
    }

    private void readGraph(ProtobufReader graph) {
        while (graph.hasMore()) {
            switch (graph.field()) {
                case 1 -> readNode(graph.message());
                case 5 -> readTensor(graph.message(), null);
                default -> graph.skip();
            }
        }
    }

    private void readNode(ProtobufReader reader) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<ProtobufReader> attributes = new ArrayList<>();
        String name = "";
        String operator = "";
        while (reader.hasMore()) {
            switch (reader.field()) {
                case 1 -> inputs.add(reader.string());
                case 2 -> outputs.add(reader.string());
                case 3 -> name = reader.string();
                case 4 -> operator = reader.string();
                case 5 -> attributes.add(reader.message());
                default -> reader.skip();
            }
        }
        Node node = new Node(operator, List.copyOf(inputs));
        nodes.put(name, node);
        outputs.forEach(output -> producers.put(output, node));
        if (operator.equals("Constant") && outputs.size() == 1) {
            attributes.forEach(attribute -> readConstant(attribute, outputs.get(0)));
        }
    }

    private void readConstant(ProtobufReader attribute, String output) {
        while (attribute.hasMore()) {
            if (attribute.field() == 5) {
                readTensor(attribute.message(), output);
            } else {
                attribute.skip();
            }
        }
    }

    /** Reads a tensor under its own name, or under the one given. */
    private void readTensor(ProtobufReader tensor, @Nullable String given) {
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
        tensors.put(given == null ? name : given, new Tensor(List.copyOf(shape), type, raw));
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
