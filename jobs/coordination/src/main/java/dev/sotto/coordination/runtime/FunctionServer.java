package dev.sotto.coordination.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.slice.Slices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that the Stateful Functions runtime calls: {@value #PATH} takes batches, {@code /healthz} answers 200.
 * Holds no state: any number may run behind one address. Thread-safe.
 */
public final class FunctionServer implements AutoCloseable {
    /** Where the runtime posts its requests. */
    public static final String PATH = "/functions";

    private static final Logger LOG = LoggerFactory.getLogger(FunctionServer.class);
    private static final int THREADS = 8;
    private static final int ANSWER_SECONDS = 60;
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    private final HttpServer server;
    private final ExecutorService executor;
    private final String host;

    private FunctionServer(HttpServer server, ExecutorService executor, String host) {
        this.server = server;
        this.executor = executor;
        this.host = host;
    }

    /**
     * Starts serving.
     *
     * @param port 0 for a free one
     * @throws IOException if the address cannot be bound
     */
    public static FunctionServer start(String host, int port, StatefulFunctions functions) throws IOException {
        // Read once, when the JDK's first server is made. Without it every answer waits 40 ms for an acknowledgement.
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
        AtomicInteger thread = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
            Thread worker = new Thread(task, "functions-" + thread.incrementAndGet());
            worker.setDaemon(true);
            return worker;
        });
        server.setExecutor(executor);
        RequestReplyHandler handler = functions.requestReplyHandler();
        server.createContext(PATH, exchange -> answer(exchange, handler));
        server.createContext("/healthz", FunctionServer::healthy);
        server.start();
        return new FunctionServer(server, executor, host);
    }

    private static void answer(HttpExchange exchange, RequestReplyHandler handler) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readAllBytes();
            byte[] reply;
            try {
                reply = handler.handle(Slices.wrap(request))
                        .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .toByteArray();
            } catch (ExecutionException | TimeoutException e) {
                // The runtime asks again, with the same state, until it is answered.
                LOG.error("a batch of {} bytes failed and will be asked again", request.length, e);
                exchange.sendResponseHeaders(500, -1);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            // Any other type makes the runtime retry for ever without a word.
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            exchange.sendResponseHeaders(200, reply.length == 0 ? -1 : reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    private static void healthy(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = "ok\n".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The address for {@link ModuleYaml}, as seen from the same machine. */
    public String endpoint() {
        return "http://" + host + ":" + port() + PATH;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
