package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxFileTest {
    private static byte[] bytes(int field, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(field << 3 | 2);
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] text(int field, String content) {
        return bytes(field, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] number(int field, int value) {
        return new byte[] {(byte) (field << 3), (byte) value};
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** A graph with one 1 x 2 tensor and one MatMul node that multiplies by it. */
    private static byte[] model(int type) {
        byte[] tensor = concat(
                number(1, 1),
                number(1, 2),
                number(2, type),
                text(8, "anonymous_7"),
                bytes(9, ElementType.FLOAT32.encode(new float[] {0.5f, -2f})));
        byte[] node =
                concat(text(1, "x"), text(1, "anonymous_7"), text(2, "y"), text(3, "/a/MatMul"), text(4, "MatMul"));
        return concat(number(1, 8), bytes(7, concat(bytes(1, node), bytes(5, tensor))));
    }

    @Test
    void parse_findsTensorsByNameAndByNode() {
        OnnxFile file = OnnxFile.parse(model(1));
        assertThat(file.tensor("anonymous_7").values()).containsExactly(0.5f, -2f);
        assertThat(file.matMulWeight("/a/MatMul").shape()).isEqualTo(List.of(1, 2));
        assertThat(file.matMulWeight("/b/MatMul")).isNull();
        assertThat(file.tensor("absent")).isNull();
    }

    @Test
    void parse_findsConstantsByOutputAndTheNodeThatTakesThemIn() {
        byte[] value = concat(number(2, 7), bytes(9, new byte[] {12, 0, 0, 0, 0, 0, 0, 0}));
        byte[] constant = concat(
                text(2, "heads"),
                text(3, "/c"),
                text(4, "Constant"),
                bytes(5, concat(text(1, "value"), bytes(5, value))));
        byte[] concat = concat(text(1, "batch"), text(1, "heads"), text(2, "shape"), text(3, "/d"), text(4, "Concat"));
        OnnxFile file = OnnxFile.parse(bytes(7, concat(bytes(1, constant), bytes(1, concat))));
        assertThat(file.inputs("/d")).containsExactly("batch", "heads");
        assertThat(file.inputsOfProducer("shape")).containsExactly("batch", "heads");
        assertThat(file.integer("heads")).isEqualTo(12);
        assertThat(file.integer("batch")).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.tensor("heads"))
                .withMessageContaining("heads")
                .withMessageContaining("7");
    }

    @Test
    void tensor_ofAnotherType_isNamed() {
        OnnxFile file = OnnxFile.parse(model(10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> file.tensor("anonymous_7"))
                .withMessageContaining("anonymous_7")
                .withMessageContaining("10");
    }

    @Test
    void parse_aFileCutAnywhere_neverReadsBeyondIt() {
        byte[] whole = model(1);
        for (int length = 3; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().isThrownBy(() -> OnnxFile.parse(cut));
        }
    }

    @Test
    void read_aModelWithoutEmbeddings_namesTheTensor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OnnxWeights(OnnxFile.parse(model(1))).read())
                .withMessage("the ONNX file lacks embeddings.word_embeddings.weight");
    }
}
