package dev.sotto.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header of a safetensors file: which tensors it has and where they lie in its data. Immutable. */
final class SafetensorsHeader {
    /** Bytes before the header: its length, little-endian. */
    static final int LENGTH_BYTES = 8;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 16 << 20;
    private static final String METADATA = "__metadata__";

    /**
     * One tensor.
     *
     * @param type the element type as the file calls it
     * @param from its first byte in the data
     * @param to the byte after its last
     */
    record Entry(String type, List<Integer> shape, long from, long to) {
        Entry {
            shape = List.copyOf(shape);
        }

        /** The number of elements that the shape has. */
        long elements() {
            return shape.stream().mapToLong(Integer::intValue).reduce(1, Math::multiplyExact);
        }
    }

    private final Map<String, Entry> entries;

    private SafetensorsHeader(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /**
     * The header's length in bytes, from the file's first eight.
     *
     * @throws IOException if there is no room for it in a file of that size
     */
    static int length(long announced, long fileSize) throws IOException {
        if (announced < 2 || announced > LARGEST || announced > fileSize - LENGTH_BYTES) {
            throw new IOException(
                    "the header's length %d does not fit a file of %d bytes".formatted(announced, fileSize));
        }
        return (int) announced;
    }

    /**
     * Reads the header's text.
     *
     * @param dataSize bytes of data behind the header
     * @throws IOException if it is not a header, or a tensor is outside the data
     */
    static SafetensorsHeader parse(byte[] text, long dataSize) throws IOException {
        JsonNode header = JSON.readTree(text);
        if (header == null || !header.isObject()) {
            throw new IOException("the header is not a JSON object");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            if (!property.getKey().equals(METADATA)) {
                entries.put(property.getKey(), entry(property.getKey(), property.getValue(), dataSize));
            }
        }
        return new SafetensorsHeader(entries);
    }

    private static Entry entry(String name, JsonNode node, long dataSize) throws IOException {
        List<Integer> shape = new ArrayList<>();
        for (JsonNode dimension : node.path("shape")) {
            if (!dimension.canConvertToInt() || dimension.intValue() < 0) {
                throw new IOException("tensor %s has shape %s but dimensions must be whole numbers from 0 to %d"
                        .formatted(name, node.path("shape"), Integer.MAX_VALUE));
            }
            shape.add(dimension.intValue());
        }
        long from = node.path("data_offsets").path(0).asLong(-1);
        long to = node.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to < from || to > dataSize) {
            throw new IOException(
                    "tensor %s begins at byte %d and ends at byte %d of %d".formatted(name, from, to, dataSize));
        }
        return new Entry(node.path("dtype").asText(), shape, from, to);
    }

    /** The tensor of this name, or null. */
    @Nullable
    Entry entry(String name) {
        return entries.get(name);
    }

    /** All tensors by name, in the header's order. */
    Map<String, Entry> entries() {
        return entries;
    }
}
