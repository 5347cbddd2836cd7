package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    private Path file(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text).put(data);
        return Files.write(directory.resolve("model.safetensors"), file.array());
    }

    private static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    @Test
    void read_halfPrecision_isExact() throws Exception {
        // 1, -2, the largest, the smallest normal, the smallest subnormal, a third rounded to eleven bits, minus zero.
        byte[] data = shorts(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x8000, 0x7c00);
        Path path = file("{\"h\":{\"dtype\":\"F16\",\"shape\":[2,4],\"data_offsets\":[0,16]}}", data);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.shape("h")).contains(List.of(2, 4));
            assertThat(file.read("h"))
                    .containsExactly(1f, -2f, 65504f, 0x1p-14f, 0x1p-24f, 1365f / 4096, -0f, Float.POSITIVE_INFINITY);
        }
    }

    @Test
    void read_bfloat16_isTheUpperHalfOfAFloat() throws Exception {
        Path path = file(
                "{\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[2,8]}}",
                shorts(0x1111, 0x3f80, 0xc049, 0x0001));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.read("b")).containsExactly(1f, -3.140625f, Float.intBitsToFloat(0x10000));
        }
    }

    @Test
    void read_tensorLongerThanAPart_isWhole() throws Exception {
        int count = (3 << 18) + 5;
        ByteBuffer data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i);
        }
        Path path = file(
                "{\"__metadata__\":{\"format\":\"pt\"},\"t\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                        .formatted(count, 4 * count),
                data.array());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] values = file.read("t");
            assertThat(values).hasSize(count);
            for (int i = 0; i < count; i++) {
                if (values[i] != i) {
                    assertThat(values[i]).as("entry " + i).isEqualTo(i);
                }
            }
            assertThat(file.shape("__metadata__")).isEmpty();
            assertThat(file.sha256())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path))));
        }
    }

    @Test
    void read_whatWasWritten_isTheSameVector() throws Exception {
        ParameterLayout layout = Tasks.task().layout();
        float[] vector = InitialModel.vector(layout, 3);
        Path path = Files.write(directory.resolve("adapter.safetensors"), Safetensors.write(layout, vector));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (NamedTensor tensor : layout.tensors()) {
                assertThat(file.shape(tensor.name())).contains(tensor.shape());
                assertThat(file.read(tensor.name()))
                        .isEqualTo(
                                java.util.Arrays.copyOfRange(vector, tensor.offset(), tensor.offset() + tensor.size()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F32 | [2] | [0,4] | has 4 bytes",
                "F32 | [65536,65536,65536,65536] | [0,8] | too large",
                "F32 | [1073741825,1073741824,4] | [0,8] | has 8 bytes",
                "F64 | [1] | [0,8] | F64",
                "F32 | [2] | [0,12] | ends at byte 12 of 8",
                "F32 | [2] | [8,0] | begins at byte 8",
                "F32 | [2] | [-8,0] | begins at byte -8",
                "F32 | [-2] | [0,8] | [-2]",
                "F32 | [5000000000] | [0,8] | 5000000000",
            })
    void read_tensorThatDoesNotFit_isRefusedByName(String type, String shape, String offsets, String message)
            throws Exception {
        Path path = file(
                "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(type, shape, offsets),
                new byte[8]);
        assertThatThrownBy(() -> {
                    try (SafetensorsFile file = SafetensorsFile.open(path)) {
                        file.read("t");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tensor t")
                .hasMessageContaining(message);
    }

    @Test
    void open_whatIsNoSafetensorsFile_isRefusedWithTheReason() throws Exception {
        Path path = directory.resolve("model.safetensors");
        Files.write(path, new byte[3]);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("at least 8 bytes");
        Files.writeString(path, "version https://git-lfs.github.com/spec/v1");
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("header's length");
        file("[1, 2]", new byte[0]);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a JSON object");
    }

    @Test
    void read_missingTensor_isNamed() throws Exception {
        Path path = file("{}", new byte[0]);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.shape("t")).isEmpty();
            assertThatThrownBy(() -> file.read("t"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("tensor t is missing");
        }
    }
}
