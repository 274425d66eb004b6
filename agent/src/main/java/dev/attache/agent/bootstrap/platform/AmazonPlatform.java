package dev.attache.agent.bootstrap.platform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Amazon's cloud, by its instance metadata of version 2, and of version 1 where that is all. */
final class AmazonPlatform {

    private static final String DATA = "/latest/meta-data/";

    private final MetadataService service;
    private final Map<String, String> headers;

    AmazonPlatform(MetadataService service) {
        this.service = service;
        this.headers =
                service.put(
                                "/latest/api/token",
                                Map.of("X-aws-ec2-metadata-token-ttl-seconds", "60"))
                        .map(answer -> Map.of("X-aws-ec2-metadata-token", answer.body()))
                        .orElse(Map.of());
    }

    Optional<Platform> found() {
        boolean here = service.text(DATA + "iam/info", headers).contains("arn:aws:iam");
        return here ? Optional.of(platform()) : Optional.empty();
    }

    Platform platform() {
        String region = service.text(DATA + "placement/region", headers);
        String zone = service.text(DATA + "placement/availability-zone", headers);
        Map<String, String> metadata = new HashMap<>();
        put(metadata, "aws_region", region);
        put(metadata, "aws_availability_zone", zone);
        put(metadata, "aws_instance_id", service.text(DATA + "instance-id", headers));
        return new Platform(metadata, new Locality(region, zone, ""));
    }

    private static void put(Map<String, String> metadata, String name, String value) {
        if (!value.isEmpty()) {
            metadata.put(name, value);
        }
    }
}
