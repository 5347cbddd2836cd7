package dev.sotto.aggregation.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a JobManager says of itself over REST. */
final class FlinkRest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final String address;

    FlinkRest(String address) {
        this.address = address;
    }

    /** The registered task managers' ids, and how many of its slots each has given to jobs. */
    Map<String, Integer> busySlots() throws IOException, InterruptedException {
        Map<String, Integer> busy = new TreeMap<>();
        for (JsonNode taskManager : get("/taskmanagers").path("taskmanagers")) {
            busy.put(
                    taskManager.path("id").asText(),
                    taskManager.path("slotsNumber").asInt()
                            - taskManager.path("freeSlots").asInt());
        }
        return busy;
    }

    /** Whether every subtask of every vertex runs. */
    boolean isRunning(String job) throws IOException, InterruptedException {
        JsonNode details = get("/jobs/" + job);
        for (JsonNode vertex : details.path("vertices")) {
            if (vertex.path("tasks").path("RUNNING").asInt()
                    < vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return details.path("state").asText().equals("RUNNING");
    }

    /** How often the job's first subtask was started again. */
    int restarts(String job) throws IOException, InterruptedException {
        String vertex = get("/jobs/" + job).path("vertices").path(0).path("id").asText();
        return get("/jobs/%s/vertices/%s".formatted(job, vertex))
                .path("subtasks")
                .path(0)
                .path("attempt")
                .asInt();
    }

    /** The answer; nothing while the JobManager is not up or busy with starting. */
    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(LIMIT)
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? JSON.readTree(response.body()) : JSON.missingNode();
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
