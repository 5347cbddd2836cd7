package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The safetensors format for float32 tensors: eight bytes little-endian header length, a JSON header of name, dtype,
 * shape and offsets, then the raw values. Tensors are found by name, never by order. Stateless.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;
    private static final int LARGEST_HEADER = 16 << 20;

    private Safetensors() {}

    /** Writes the vector's tensors under their names; the same vector gives the same bytes. */
    public static byte[] write(ParameterLayout layout, float[] vector) {
        if (vector.length != layout.size()) {
            throw new IllegalArgumentException(
                    "a vector of %d parameters is needed, got %d".formatted(layout.size(), vector.length));
        }
        ObjectNode header = JSON.createObjectNode();
        for (NamedTensor tensor : layout.tensors()) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", "F32");
            tensor.shape().forEach(entry.withArray("shape")::add);
            entry.putArray("data_offsets").add(4L * tensor.offset()).add(4L * (tensor.offset() + tensor.size()));
        }
        byte[] text = padded(header);
        ByteBuffer file =
                ByteBuffer.allocate(8 + text.length + 4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        file.asFloatBuffer().put(vector);
        return file.array();
    }

    private static byte[] padded(ObjectNode header) {
        try {
            StringBuilder text = new StringBuilder(JSON.writeValueAsString(header));
            while (text.length() % ALIGNMENT != 0) {
                text.append(' ');
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a header is always JSON", e);
        }
    }

    /**
     * Reads the layout's tensors by name into one flat vector.
     *
     * @throws IOException if the file is cut, a tensor is missing, or its type or shape is another
     */
    public static float[] read(ParameterLayout layout, byte[] file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < 8) {
            throw new IOException("a safetensors file has at least 8 bytes, this one " + file.length);
        }
        long length = buffer.getLong();
        if (length < 2 || length > LARGEST_HEADER || length > file.length - 8) {
            throw new IOException(
                    "the header's length %d does not fit a file of %d bytes".formatted(length, file.length));
        }
        JsonNode header = JSON.readTree(file, 8, (int) length);
        ByteBuffer data =
                buffer.slice(8 + (int) length, file.length - 8 - (int) length).order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[layout.size()];
        for (NamedTensor tensor : layout.tensors()) {
            readTensor(header.path(tensor.name()), tensor, data, vector);
        }
        return vector;
    }

    private static void readTensor(JsonNode entry, NamedTensor tensor, ByteBuffer data, float[] vector)
            throws IOException {
        if (!entry.isObject()) {
            throw new IOException("tensor " + tensor.name() + " is missing");
        }
        boolean sameShape = entry.path("shape").size() == tensor.shape().size();
        for (int i = 0; sameShape && i < tensor.shape().size(); i++) {
            sameShape = entry.path("shape").get(i).asInt(-1) == tensor.shape().get(i);
        }
        long from = entry.path("data_offsets").path(0).asLong(-1);
        long to = entry.path("data_offsets").path(1).asLong(-1);
        if (!"F32".equals(entry.path("dtype").asText()) || !sameShape || to - from != 4L * tensor.size()) {
            throw new IOException(
                    "tensor %s is %s but must be F32 of shape %s".formatted(tensor.name(), entry, tensor.shape()));
        }
        if (from < 0 || to > data.capacity()) {
            throw new IOException("tensor %s ends at byte %d of %d".formatted(tensor.name(), to, data.capacity()));
        }
        data.slice((int) from, (int) (to - from))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector, tensor.offset(), tensor.size());
    }
}
