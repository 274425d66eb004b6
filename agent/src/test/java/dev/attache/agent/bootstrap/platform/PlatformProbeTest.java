package dev.attache.agent.bootstrap.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformProbeTest {

    @TempDir Path root;

    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private String flavor = "";
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String answer = answers.get(exchange.getRequestURI().toString());
                    byte[] body = (answer == null ? "" : answer).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Metadata-Flavor", flavor);
                    exchange.sendResponseHeaders(
                            answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void amazonIsKnownByItsRoles() {
        answers.put("/latest/api/token", "t");
        answers.put("/latest/meta-data/iam/info", "{\"InstanceProfileArn\": \"arn:aws:iam::1\"}");
        answers.put("/latest/meta-data/placement/region", "us-east-1");
        answers.put("/latest/meta-data/placement/availability-zone", "us-east-1b");
        answers.put("/latest/meta-data/instance-id", "i-1");

        Platform found = find();

        assertThat(strip(found.locality())).isEqualTo("us-east-1/us-east-1b");
        assertThat(found.metadata()).containsKeys("aws_region", "aws_instance_id");
    }

    @Test
    void azureIsKnownByTheMaker() throws IOException {
        Path vendor = root.resolve("sys/class/dmi/id/sys_vendor");
        Files.createDirectories(vendor.getParent());
        Files.writeString(vendor, "Microsoft Corporation\n");
        answers.put("/metadata/instance", "{\"newest-versions\": [\"2020-10-01\"]}");
        answers.put(
                "/metadata/instance?api-version=2020-10-01",
                """
                {"compute": {"name": "n", "location": "westus", "zone": "2", "vmId": "v",
                  "tagsList": [{"name": "team", "value": "a"}]}}\
                """);

        Platform found = find();

        assertThat(strip(found.locality())).isEqualTo("westus/2");
        assertThat(found.metadata())
                .isEqualTo(
                        Map.of(
                                "azure_name", "n",
                                "azure_location", "westus",
                                "azure_vmId", "v",
                                "azure_team", "a"));
    }

    @Test
    void googleIsKnownByAVariableOrItsFlavor() throws IOException {
        variables.put("GCP_METADATA", "project|7|cluster|us-central1");
        variables.put("GCP_ZONE", "us-central1-f");

        Platform stated = find();

        assertThat(strip(stated.locality())).isEqualTo("us-central1/us-central1-f");
        assertThat(stated.metadata())
                .containsEntry(
                        "gcp_gke_cluster_url",
                        "https://container.googleapis.com/v1/projects/project/locations/"
                                + "us-central1/clusters/cluster");

        variables.clear();
        flavor = "Google";
        answers.put("/", "computeMetadata/");
        answers.put("/computeMetadata/v1/instance/zone", "projects/7/zones/europe-west1-b");
        answers.put("/computeMetadata/v1/project/project-id", "p");

        assertThat(find().locality().region()).isEqualTo("europe-west1");
    }

    @Test
    void nobodyIsNoCloud() {
        assertThat(find()).isEqualTo(Platform.UNKNOWN);
        variables.put("GCE_METADATA_HOST", "no host");
        assertThat(find()).isEqualTo(Platform.UNKNOWN);
        variables.put("CLOUD_PLATFORM", "none");
        variables.put("GCP_METADATA", "project|7|cluster|us-central1");
        assertThat(find()).isEqualTo(Platform.UNKNOWN);
    }

    private Platform find() {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        return new PlatformProbe(new Environment(variables), base, base, root).find();
    }

    private static String strip(Locality locality) {
        return locality.region().strip() + "/" + locality.zone().strip();
    }
}
