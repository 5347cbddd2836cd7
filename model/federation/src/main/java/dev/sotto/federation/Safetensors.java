package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors format for float32 tensors: eight bytes little-endian header length, a JSON header of name, dtype,
 * shape and offsets, then the raw values. Tensors are found by name, never by order. Stateless.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;

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
        int length = SafetensorsHeader.length(buffer.getLong(), file.length);
        SafetensorsHeader header =
                SafetensorsHeader.parse(Arrays.copyOfRange(file, 8, 8 + length), file.length - 8L - length);
        ByteBuffer data = buffer.slice(8 + length, file.length - 8 - length);
        float[] vector = new float[layout.size()];
        for (NamedTensor tensor : layout.tensors()) {
            readTensor(header.entry(tensor.name()), tensor, data, vector);
        }
        return vector;
    }

    private static void readTensor(
            SafetensorsHeader.@Nullable Entry entry, NamedTensor tensor, ByteBuffer data, float[] vector)
            throws IOException {
        if (entry == null) {
            throw new IOException("tensor " + tensor.name() + " is missing");
        }
        if (!entry.type().equals(SafetensorsType.F32.name())
                || !entry.shape().equals(tensor.shape())
                || entry.to() - entry.from() != 4L * tensor.size()) {
            throw new IOException(
                    "tensor %s is %s but must be F32 of shape %s".formatted(tensor.name(), entry, tensor.shape()));
        }
        data.slice((int) entry.from(), (int) (entry.to() - entry.from()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector, tensor.offset(), tensor.size());
    }
}
