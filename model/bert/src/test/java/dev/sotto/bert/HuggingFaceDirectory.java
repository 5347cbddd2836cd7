package dev.sotto.bert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/** Writes a Hugging Face directory for a test, so that each of its files can be spoilt on its own. */
final class HuggingFaceDirectory {
    private final Path path;
    private final BertArchitecture architecture;
    private final Map<String, Weight> tensors;
    private String type = "F32";
    private UnaryOperator<String> naming = UnaryOperator.identity();

    /** The tensors may be changed before they are written. */
    HuggingFaceDirectory(Path path, BertArchitecture architecture, Map<String, Weight> tensors) {
        this.path = path;
        this.architecture = architecture;
        this.tensors = new LinkedHashMap<>(tensors);
    }

    Map<String, Weight> tensors() {
        return tensors;
    }

    HuggingFaceDirectory type(String elementType) {
        this.type = elementType;
        return this;
    }

    HuggingFaceDirectory naming(UnaryOperator<String> names) {
        this.naming = names;
        return this;
    }

    /** The configuration's text, as a model that was saved has it. */
    String config() {
        return """
                {"architectures": ["BertForMaskedLM"], "hidden_act": "gelu", "hidden_size": %d, "initializer_range": 0.02,
                "intermediate_size": %d, "layer_norm_eps": %s, "max_position_embeddings": %d, "model_type": "bert",
                "num_attention_heads": %d, "num_hidden_layers": %d, "type_vocab_size": %d, "vocab_size": %d}
                """
                .formatted(
                        architecture.hidden(),
                        architecture.intermediate(),
                        architecture.layerNormEpsilon(),
                        architecture.positions(),
                        architecture.heads(),
                        architecture.layers(),
                        architecture.segments(),
                        architecture.vocabulary());
    }

    HuggingFaceDirectory write(String file, String text) throws IOException {
        Files.writeString(path.resolve(file), text);
        return this;
    }

    HuggingFaceDirectory writeConfig() throws IOException {
        return write("config.json", config());
    }

    /** Writes the tensors under their names in this element type, with one tensor that no encoder has. */
    HuggingFaceDirectory writeWeights() throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        StringJoiner header = new StringJoiner(", ", "{\"__metadata__\": {\"format\": \"pt\"}, ", "}");
        header.add("\"cls.predictions.bias\": {\"dtype\": \"I64\", \"shape\": [1], \"data_offsets\": [0, 8]}");
        data.writeBytes(new byte[8]);
        tensors.forEach((name, weight) -> {
            int from = data.size();
            data.writeBytes(encode(weight.values()));
            header.add("\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
                    .formatted(naming.apply(name), type, weight.shape(), from, data.size()));
        });
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text).put(data.toByteArray());
        Files.write(path.resolve("model.safetensors"), file.array());
        return this;
    }

    /** Only for values that the element type holds exactly. */
    private byte[] encode(float[] values) {
        int bytes = type.equals("F32") ? 4 : 2;
        ByteBuffer buffer = ByteBuffer.allocate(bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            int bits = Float.floatToRawIntBits(value);
            switch (type) {
                case "F32" -> buffer.putInt(bits);
                case "BF16" -> buffer.putShort((short) (bits >>> 16));
                case "F16" -> buffer.putShort((short) (value == 0 ? 0 : half(bits)));
                default -> throw new IllegalArgumentException(type);
            }
        }
        return buffer.array();
    }

    /** From the bits of a float whose exponent is in the range of a half's normal numbers. */
    private static int half(int bits) {
        return (bits >>> 16 & 0x8000) | (((bits >>> 23 & 0xff) - 112) << 10) | (bits >>> 13 & 0x3ff);
    }
}
