package dev.sotto.coordination.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.junit.jupiter.api.Test;

class FunctionServerTest {
    @Test
    void server_whenUp_isHealthyAndAnswersBadBatchesWithoutDying() throws Exception {
        try (FunctionServer server = FunctionServer.start("127.0.0.1", 0, new StatefulFunctions())) {
            HttpClient client = HttpClient.newHttpClient();
            URI health = URI.create(server.endpoint()).resolve("/healthz");
            HttpRequest get = HttpRequest.newBuilder(health).build();
            HttpRequest post = HttpRequest.newBuilder(URI.create(server.endpoint()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3}))
                    .build();
            assertThat(client.send(get, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("ok\n");
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(500);
            assertThat(client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }
}
