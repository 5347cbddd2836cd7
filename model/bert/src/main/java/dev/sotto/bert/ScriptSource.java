package dev.sotto.bert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TorchScript source text put together from this package's resource files; {@code ${name}} stands for a constant. */
final class ScriptSource {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z-]+)}");

    private final Map<String, String> constants = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();

    ScriptSource constant(String name, Object value) {
        constants.put(name, String.valueOf(value));
        return this;
    }

    /** Appends a resource file with the constants given so far filled in. */
    ScriptSource include(String file) {
        Matcher matcher = PLACEHOLDER.matcher(read(file));
        while (matcher.find()) {
            String value = constants.get(matcher.group(1));
            if (value == null) {
                throw new IllegalArgumentException(
                        "%s asks for constant %s; given are %s".formatted(file, matcher.group(1), constants.keySet()));
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(text);
        text.append('\n');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String read(String file) {
        try (InputStream stream = ScriptSource.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no resource " + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
