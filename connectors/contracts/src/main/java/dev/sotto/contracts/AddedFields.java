package dev.sotto.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The fields that a schema got after records of it were written: its last ones, marked {@code "added": true}. A record is written up to the
 * last of them that has not its default, so one in which all have is written as it always was, and one that ends earlier is read with
 * defaults. Where a record ends tells the forms apart, since no added field has an empty binary. Immutable.
 *
 * @param all the schema
 * @param forms the schema without any added field, with the first, with the first two and so on; the last is {@code all}
 */
record AddedFields(Schema all, List<Schema> forms) {
    private static final String MARK = "added";

    private static final Map<Schema, AddedFields> KNOWN = new ConcurrentHashMap<>();

    static AddedFields of(Schema schema) {
        return KNOWN.computeIfAbsent(schema, AddedFields::find);
    }

    private static AddedFields find(Schema schema) {
        int kept = (int) schema.getFields().stream()
                .filter(field -> field.getObjectProp(MARK) == null)
                .count();
        if (schema.getFields().subList(0, kept).stream().anyMatch(field -> field.getObjectProp(MARK) != null)) {
            throw new IllegalStateException(schema.getName() + " has added fields before others: move them to its end");
        }
        List<Schema> forms = new ArrayList<>();
        for (int length = kept; length < schema.getFields().size(); length++) {
            forms.add(cut(schema, length));
        }
        forms.add(schema);
        return new AddedFields(schema, List.copyOf(forms));
    }

    private static Schema cut(Schema schema, int length) {
        List<Schema.Field> fields = schema.getFields().subList(0, length).stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    /** The schema that a record is written by. */
    Schema of(SpecificRecordBase record) {
        int form = forms.size() - 1;
        while (form > 0 && isDefault(record, forms.get(form).getFields().size() - 1)) {
            form--;
        }
        return forms.get(form);
    }

    private boolean isDefault(SpecificRecordBase record, int position) {
        Schema.Field field = all.getFields().get(position);
        Object unsaid = SpecificData.get().getDefaultValue(field);
        return SpecificData.get().compare(record.get(position), unsaid, field.schema()) == 0;
    }
}
