package dev.sotto.broker;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An {@link EmbeddedBroker} as a program: {@code DIRECTORY BROKER_PORT CONTROLLER_PORT}; serves until it is ended. */
public final class BrokerMain {
    /** What the line begins with that it prints when it serves; the bootstrap servers follow. */
    static final String SERVES = "broker serves at ";

    private BrokerMain() {}

    /** Runs the broker; an orderly end closes it. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            throw new IllegalArgumentException(
                    "expected DIRECTORY BROKER_PORT CONTROLLER_PORT but got %d arguments".formatted(arguments.length));
        }
        EmbeddedBroker broker = EmbeddedBroker.start(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-end"));
        PrintStream out = System.out;
        out.println(SERVES + broker.bootstrap());
        out.flush();
        new CountDownLatch(1).await();
    }
}
