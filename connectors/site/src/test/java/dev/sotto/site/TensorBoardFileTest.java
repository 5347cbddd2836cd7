package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-06T07:08:09.250Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void crc32c_ofTheReader_isThatOfTheStandard() {
        // RFC 3720, appendix B.4, and the usual check value.
        assertThat(EventFileReader.crc32c(new byte[32])).isEqualTo(0x8a9136aa);
        assertThat(EventFileReader.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xe3069283);
    }

    @Test
    void file_ofPoints_hasTheVersionFirstAndEveryPointWithItsChecksums() throws IOException {
        try (TensorBoardFile file = TensorBoardFile.create(directory, CLOCK)) {
            file.scalar("training/loss", 0, 0.75);
            file.scalar("training/loss", 300, -1e-8);
            file.scalar("round/epsilon", 1L << 40, 2.5);
        }
        double wall = CLOCK.millis() / 1000.0;
        assertThat(EventFileReader.read(only()))
                .containsExactly(
                        new EventFileReader.Event(wall, 0, "brain.Event:2", "", Float.NaN),
                        new EventFileReader.Event(wall, 0, "", "training/loss", 0.75f),
                        new EventFileReader.Event(wall, 300, "", "training/loss", -1e-8f),
                        new EventFileReader.Event(wall, 1L << 40, "", "round/epsilon", 2.5f));
    }

    @Test
    void file_justMade_beginsAsThoseOfTensorFlowDo() throws IOException {
        TensorBoardFile.create(directory, CLOCK).close();
        byte[] bytes = Files.readAllBytes(only());
        // 24 bytes of event, the masked checksum of that number, and the key of the wall time.
        assertThat(HexFormat.of().formatHex(Arrays.copyOf(bytes, 13))).isEqualTo("1800000000000000a37f4b2209");
        assertThat(bytes).hasSize(12 + 24 + 4);
    }

    @Test
    void file_withAByteChanged_isRefusedByTheReader() throws IOException {
        TensorBoardFile.create(directory, CLOCK).close();
        byte[] bytes = Files.readAllBytes(only());
        for (int i : new int[] {0, 9, 20, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            Files.write(only(), changed);
            assertThatThrownBy(() -> EventFileReader.read(only()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void create_twiceInASecond_makesTwoFilesOfTheOwnerAloneWithoutAHost() throws IOException {
        Path made = directory.resolve("curves/bank");
        TensorBoardFile.create(made, CLOCK).close();
        TensorBoardFile.create(made, CLOCK).close();
        try (Stream<Path> files = Files.list(made)) {
            List<Path> all = files.sorted().toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("events.out.tfevents.1714979289.sotto", "events.out.tfevents.1714979289.sotto.02");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(all.get(0))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void scalar_afterAFlush_isThereForWhoReadsMeanwhile() throws IOException {
        try (TensorBoardFile file = TensorBoardFile.create(directory, CLOCK)) {
            file.scalar("a", 1, 1);
            assertThat(EventFileReader.read(only())).isEmpty();
            file.flush();
            assertThat(EventFileReader.read(only())).hasSize(2);
        }
    }
}
