package dev.attache.agent.bootstrap.platform;

import dev.attache.agent.environment.Environment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google's cloud, by {@code GCP_METADATA} or its metadata service. Labels of instances outside
 * Kubernetes are not read: that takes credentials for the Compute API.
 */
final class GooglePlatform {

    private static final String DATA = "/computeMetadata/v1/";
    private static final Map<String, String> HEADERS = Map.of("Metadata-Flavor", "Google");
    private static final Pattern SEARCHED_ZONE =
            Pattern.compile(
                    "^search.* ([^-\\s]+-[^-\\s]+-[^-\\s]+)\\.c\\.[^.]+\\.internal",
                    Pattern.MULTILINE);
    private static final Pattern ZONE = Pattern.compile("([^-]+-[^-]+)-[^-]+");

    private final MetadataService service;
    private final Environment environment;
    private final String resolvers;

    /**
     * @param resolvers the text of {@code resolv.conf}
     */
    GooglePlatform(MetadataService service, Environment environment, String resolvers) {
        this.service = service;
        this.environment = environment;
        this.resolvers = resolvers;
    }

    Optional<Platform> found() {
        if (!stated().isEmpty() || answers()) {
            return Optional.of(platform());
        }
        return Optional.empty();
    }

    Platform platform() {
        Map<String, String> metadata = stated();
        if (metadata.isEmpty() && answers()) {
            metadata = asked();
        }
        String zone = zone(metadata);
        Matcher parts = ZONE.matcher(zone);
        Locality locality =
                parts.matches() ? new Locality(parts.group(1), zone, "") : Locality.NONE;
        return new Platform(metadata, locality);
    }

    private boolean answers() {
        return service.get("/", HEADERS)
                .filter(answer -> answer.fields().text("Metadata-Flavor").equals("Google"))
                .isPresent();
    }

    /** {@code GCP_METADATA}: project, its number, cluster and place, parted by bars. */
    private Map<String, String> stated() {
        String[] parts = environment.text("GCP_METADATA", "").split("\\|", -1);
        Map<String, String> metadata = new HashMap<>();
        if (parts.length == 4) {
            metadata.put("gcp_project", parts[0]);
            metadata.put("gcp_project_number", parts[1]);
            metadata.put("gcp_gke_cluster_name", parts[2]);
            metadata.put("gcp_location", parts[3]);
            put(metadata, "gcp_quota_project", environment.text("GCP_QUOTA_PROJECT", ""));
            put(metadata, "gcp_zone", environment.text("GCP_ZONE", ""));
            cluster(metadata);
        }
        return metadata;
    }

    private Map<String, String> asked() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("gcp_project", "project/project-id");
        paths.put("gcp_project_number", "project/numeric-project-id");
        paths.put("gcp_location", "instance/attributes/cluster-location");
        paths.put("gcp_gke_cluster_name", "instance/attributes/cluster-name");
        paths.put("gcp_gce_instance", "instance/name");
        paths.put("gcp_gce_instance_id", "instance/id");
        paths.put("gcp_gce_instance_template", "instance/attributes/instance-template");
        paths.put("gcp_gce_instance_created_by", "instance/attributes/created-by");
        Map<String, String> metadata = new HashMap<>();
        paths.forEach((name, path) -> put(metadata, name, service.text(DATA + path, HEADERS)));
        if (!metadata.containsKey("gcp_location")) {
            put(metadata, "gcp_location", askedZone());
        }
        cluster(metadata);
        return metadata;
    }

    private static void cluster(Map<String, String> metadata) {
        String project = metadata.get("gcp_project");
        String location = metadata.get("gcp_location");
        String name = metadata.get("gcp_gke_cluster_name");
        if (project != null && location != null && name != null) {
            metadata.put(
                    "gcp_gke_cluster_url",
                    "https://container.googleapis.com/v1/projects/%s/locations/%s/clusters/%s"
                            .formatted(project, location, name));
        }
    }

    private String zone(Map<String, String> metadata) {
        String stated = metadata.getOrDefault("gcp_zone", "");
        if (!stated.isEmpty()) {
            return stated;
        }
        Matcher searched = SEARCHED_ZONE.matcher(resolvers);
        return searched.find() ? searched.group(1) : askedZone();
    }

    /** {@code projects/123/zones/us-central1-f}. */
    private String askedZone() {
        String path = service.text(DATA + "instance/zone", HEADERS);
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void put(Map<String, String> metadata, String name, String value) {
        if (!value.isEmpty()) {
            metadata.put(name, value);
        }
    }
}
