package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.MaskedChunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkViewTest {
    private final ChunkView view = new ChunkView();

    private static MaskedChunk chunk(int proof, byte[] data) {
        List<ByteBuffer> siblings = IntStream.range(0, proof)
                .mapToObj(i -> ByteBuffer.wrap(filled(32, i)))
                .toList();
        return new MaskedChunk("sentiment", 17, "site-3", 300, 488, siblings, ByteBuffer.wrap(data));
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    @Test
    void fields_oneValueAfterAnother_areWhatTheGeneratedReaderReads() throws Exception {
        for (int size : new int[] {0, 1, 63, 64, 5000, 262_144}) {
            byte[] value = AvroCodec.encode(chunk(size % 12, filled(size, 5)));
            MaskedChunk expected = AvroCodec.decode(value, MaskedChunk.class);
            view.read(value, 0, value.length);
            assertThat(view.task().toString()).isEqualTo(expected.getTask());
            assertThat(view.site().toString()).isEqualTo(expected.getSite());
            assertThat(List.of(view.round(), view.chunk(), view.chunks()))
                    .containsExactly(expected.getRound(), expected.getChunk(), expected.getChunks());
            assertThat(view.proof())
                    .containsExactly(
                            expected.getProof().stream().map(AvroCodec::bytes).toArray(byte[][]::new));
            assertThat(Arrays.copyOfRange(value, view.from(), view.from() + view.length()))
                    .isEqualTo(AvroCodec.bytes(expected.getData()));
        }
    }

    @Test
    void value_insideABuffer_isReadWhereItLies() throws Exception {
        byte[] value = AvroCodec.encode(chunk(2, filled(40, 5)));
        byte[] buffer = filled(value.length + 20, 99);
        System.arraycopy(value, 0, buffer, 13, value.length);
        view.read(buffer, 13, value.length);
        assertThat(Arrays.copyOfRange(buffer, view.from(), view.from() + view.length()))
                .isEqualTo(filled(40, 5));
        assertThatThrownBy(() -> view.read(buffer, 13, value.length + 1)).isInstanceOf(RejectedRecordException.class);
    }

    @Test
    void fields_ofTheSchema_areInTheOrderReadHere() {
        assertThat(MaskedChunk.getClassSchema().getFields())
                .extracting(field -> field.name() + ":" + field.schema().getType())
                .containsExactly(
                        "task:STRING",
                        "round:INT",
                        "site:STRING",
                        "chunk:INT",
                        "chunks:INT",
                        "proof:ARRAY",
                        "data:BYTES");
    }

    @Test
    void value_cutShortOrContinued_isMalformed() {
        byte[] value = AvroCodec.encode(chunk(3, filled(40, 1)));
        for (int length = 0; length < value.length; length++) {
            requireMalformed(Arrays.copyOf(value, length));
        }
        requireMalformed(Arrays.copyOf(value, value.length + 1));
    }

    @Test
    void value_withWildLengths_isMalformedAndTakesNoMemory() {
        byte[] huge = {-1, -1, -1, -1, 15};
        byte[] start = AvroCodec.encode(chunk(0, new byte[0]));
        for (int at : new int[] {0, 11, 21, 22}) {
            byte[] value = Arrays.copyOf(start, start.length + huge.length);
            System.arraycopy(huge, 0, value, at, huge.length);
            requireMalformed(value);
        }
    }

    @Test
    void values_ofNoise_neverFailOtherwise() {
        SplittableRandom random = new SplittableRandom(5);
        byte[] good = AvroCodec.encode(chunk(3, filled(40, 1)));
        for (int i = 0; i < 20_000; i++) {
            byte[] value = good.clone();
            value[random.nextInt(60)] = (byte) random.nextInt();
            try {
                view.read(value, 0, value.length);
            } catch (RejectedRecordException e) {
                assertThat(e.rejection()).isEqualTo(Rejection.MALFORMED);
            }
        }
    }

    private void requireMalformed(byte[] value) {
        assertThatThrownBy(() -> view.read(value, 0, value.length))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.MALFORMED));
    }
}
