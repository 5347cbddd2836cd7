package dev.sotto.connect.flink;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The command line of a job: {@code --key value} pairs against the options the job declares. Stateless. */
public final class JobOptions {
    private static final String MARK = "--";

    private JobOptions() {}

    /**
     * Reads the arguments.
     *
     * @param args {@code --key value} in any order
     * @param known the options of the job
     * @return a configuration in which every value given is of its option's type
     * @throws IllegalArgumentException if an option is unknown, given twice, has no value or one of another type
     */
    public static Configuration parse(String[] args, Collection<ConfigOption<?>> known) {
        Map<String, ConfigOption<?>> byKey = new LinkedHashMap<>();
        known.forEach(option -> byKey.put(option.key(), option));
        Configuration configuration = new Configuration();
        for (int i = 0; i < args.length; i += 2) {
            String key = key(args[i]);
            ConfigOption<?> option = byKey.get(key);
            if (option == null) {
                throw new IllegalArgumentException("unknown option --%s; known options: %s"
                        .formatted(
                                key,
                                byKey.keySet().stream()
                                        .sorted()
                                        .map(MARK::concat)
                                        .collect(Collectors.joining(", "))));
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("--%s has no value; write --%s VALUE".formatted(key, key));
            }
            if (configuration.containsKey(key)) {
                throw new IllegalArgumentException("--%s is given twice; leave one of them out".formatted(key));
            }
            configuration.setString(key, args[i + 1]);
            requireType(configuration, option, args[i + 1]);
        }
        return configuration;
    }

    private static String key(String argument) {
        if (!argument.startsWith(MARK) || argument.length() == MARK.length()) {
            throw new IllegalArgumentException(
                    "'%s' stands where an option is expected; write --key value".formatted(argument));
        }
        return argument.substring(MARK.length());
    }

    private static void requireType(Configuration configuration, ConfigOption<?> option, String value) {
        try {
            configuration.getOptional(option);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--%s is '%s', which is no value for it: %s".formatted(option.key(), value, e.getMessage()), e);
        }
    }

    /**
     * The value of an option that has no default.
     *
     * @throws IllegalArgumentException if it is not given
     */
    public static <T> T require(Configuration configuration, ConfigOption<T> option) {
        return configuration
                .getOptional(option)
                .orElseThrow(() ->
                        new IllegalArgumentException("--%s is missing; it must be given".formatted(option.key())));
    }
}
