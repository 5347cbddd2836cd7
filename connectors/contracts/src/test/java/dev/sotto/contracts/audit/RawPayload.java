package dev.sotto.contracts.audit;

import org.apache.avro.Schema;
import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificRecordBase;

/** Bytes that pass for a record when they are encoded. */
public final class RawPayload extends SpecificRecordBase {
    private static final Schema SCHEMA = Schema.createRecord("RawPayload", "", "test", false, java.util.List.of());

    private final transient byte[] bytes;

    RawPayload(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA;
    }

    @Override
    public Object get(int field) {
        throw new IndexOutOfBoundsException(field);
    }

    @Override
    public void put(int field, Object value) {
        throw new IndexOutOfBoundsException(field);
    }

    @Override
    protected boolean hasCustomCoders() {
        return true;
    }

    @Override
    public void customEncode(Encoder out) throws java.io.IOException {
        out.writeFixed(bytes);
    }
}
