package dev.sotto.contracts;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The fields that a schema got after records of it were written: its last ones, marked {@code "added": true}. A record in which all of
 * them have their defaults is written without any, as it always was, and one without them is read with their defaults. What follows the
 * other fields tells the two forms apart: nothing, or all of the added ones. Immutable.
 *
 * @param all the schema
 * @param before the schema without them; the same object if there are none
 */
record AddedFields(Schema all, Schema before) {
    private static final String MARK = "added";

    private static final Map<Schema, AddedFields> KNOWN = new ConcurrentHashMap<>();

    static AddedFields of(Schema schema) {
        return KNOWN.computeIfAbsent(schema, AddedFields::find);
    }

    private static AddedFields find(Schema schema) {
        List<Schema.Field> kept = schema.getFields().stream()
                .filter(field -> field.getObjectProp(MARK) == null)
                .toList();
        if (kept.size() == schema.getFields().size()) {
            return new AddedFields(schema, schema);
        }
        if (kept.get(kept.size() - 1).pos() != kept.size() - 1) {
            throw new IllegalStateException(schema.getName() + " has added fields before others: move them to its end");
        }
        List<Schema.Field> fields = kept.stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        return new AddedFields(
                schema, Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields));
    }

    /** Whether the schema has any. */
    boolean exist() {
        return all != before;
    }

    /** The schema that a record is written by. */
    Schema of(SpecificRecordBase record) {
        for (Schema.Field field : all.getFields()
                .subList(before.getFields().size(), all.getFields().size())) {
            Object unsaid = SpecificData.get().getDefaultValue(field);
            if (SpecificData.get().compare(record.get(field.pos()), unsaid, field.schema()) != 0) {
                return all;
            }
        }
        return before;
    }
}
