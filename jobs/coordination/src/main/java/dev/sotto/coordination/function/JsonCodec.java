package dev.sotto.coordination.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * States and messages as bytes: one byte for the format's version, then JSON in UTF-8, so that a checkpoint can be read by
 * a person and an older one by a newer release. A field that is unknown or missing is refused, never guessed. Thread-safe.
 *
 * @param <T> a record, or a sealed interface whose records are told apart by their simple names
 */
final class JsonCodec<T> {
    private static final byte VERSION = 3;

    private final ObjectMapper mapper;
    private final Class<T> type;

    JsonCodec(Class<T> type) {
        this.type = type;
        SimpleModule ids = new SimpleModule();
        id(ids, SiteId.class, SiteId::new);
        id(ids, TaskId.class, TaskId::new);
        id(ids, RoundId.class, RoundId::parse);
        this.mapper = new ObjectMapper()
                .registerModule(ids)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        register(type);
    }

    private void register(Class<?> sealed) {
        Class<?>[] permitted = sealed.getPermittedSubclasses();
        if (permitted == null) {
            mapper.registerSubtypes(new NamedType(sealed, sealed.getSimpleName()));
            return;
        }
        for (Class<?> subclass : permitted) {
            register(subclass);
        }
    }

    private static <I> void id(SimpleModule module, Class<I> id, Function<String, I> parse) {
        module.addSerializer(id, ToStringSerializer.instance);
        module.addDeserializer(id, new FromStringDeserializer<I>(id) {
            private static final long serialVersionUID = 1L;

            @Override
            protected I _deserialize(String value, DeserializationContext context) {
                return parse.apply(value);
            }
        });
        module.addKeyDeserializer(id, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return parse.apply(key);
            }
        });
    }

    byte[] write(T value) {
        try {
            byte[] json = mapper.writerFor(type).writeValueAsBytes(value);
            byte[] bytes = new byte[json.length + 1];
            bytes[0] = VERSION;
            System.arraycopy(json, 0, bytes, 1, json.length);
            return bytes;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a " + type.getSimpleName(), e);
        }
    }

    T read(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new IllegalStateException(
                    "a %s of format version %d is needed; the bytes start with %s: restore with the release that wrote them"
                            .formatted(
                                    type.getSimpleName(),
                                    VERSION,
                                    Arrays.toString(Arrays.copyOf(bytes, Math.min(1, bytes.length)))));
        }
        try {
            return mapper.readValue(bytes, 1, bytes.length - 1, type);
        } catch (IOException e) {
            // Jackson's message may quote the input, which can hold shares.
            throw new IllegalStateException("the bytes are not a " + type.getSimpleName());
        }
    }
}
