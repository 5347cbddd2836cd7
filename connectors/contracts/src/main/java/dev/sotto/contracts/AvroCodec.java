package dev.sotto.contracts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/** Avro records as plain binary, without a schema in front: every topic has one schema, held in this module. Stateless. */
public final class AvroCodec {
    private AvroCodec() {}

    /** The record's binary; as {@link AddedFields} says for a schema that has been extended. */
    public static byte[] encode(SpecificRecordBase record) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<SpecificRecordBase>(
                            AddedFields.of(record.getSchema()).of(record))
                    .write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("a record that was built can be written", e);
        }
    }

    /**
     * Reads a record that must fill the bytes exactly, with or without the fields that were added to its schema.
     *
     * @throws RejectedRecordException {@link Rejection#MALFORMED} otherwise
     */
    public static <T extends SpecificRecordBase> T decode(byte[] bytes, Class<T> type) throws RejectedRecordException {
        try {
            AddedFields added = AddedFields.of(SpecificData.get().getSchema(type));
            for (Schema form : added.forms()) {
                BoundedDecoder decoder = new BoundedDecoder(bytes);
                T record = new SpecificDatumReader<T>(form, added.all()).read(null, decoder);
                if (decoder.isEnd()) {
                    return record;
                }
            }
            throw new RejectedRecordException(Rejection.MALFORMED, "bytes are left after a " + type.getSimpleName());
        } catch (IOException | RuntimeException e) {
            // Avro's own message may quote the input, so it is kept as the cause and not repeated.
            throw new RejectedRecordException(
                    Rejection.MALFORMED, "%d bytes are not a %s".formatted(bytes.length, type.getSimpleName()), e);
        }
    }

    /** The bytes of a buffer field; the buffer's position stays. */
    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
