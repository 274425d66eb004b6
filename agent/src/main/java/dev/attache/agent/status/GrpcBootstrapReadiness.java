package dev.attache.agent.status;

import dev.attache.agent.document.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the bootstrap of proxyless gRPC is there, and the certificates that it names. The file is
 * read until it was read once. Any thread.
 */
public final class GrpcBootstrapReadiness implements ReadinessCheck {

    private static final List<String> FILES =
            List.of("certificate_file", "private_key_file", "ca_certificate_file");

    private final Path bootstrap;
    private volatile @Nullable List<Path> certificates;

    public GrpcBootstrapReadiness(Path bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public @Nullable String notReady() {
        List<Path> named = certificates;
        if (named == null) {
            try {
                named = certificates(Json.parse(Files.readString(bootstrap)));
                certificates = named;
            } catch (IOException | IllegalArgumentException e) {
                return "failed loading " + bootstrap + ": " + e;
            }
        }
        for (Path file : named) {
            if (!Files.exists(file)) {
                return file + " does not exist";
            }
        }
        return null;
    }

    private static List<Path> certificates(Object document) {
        List<Path> found = new ArrayList<>();
        if (member(document, "certificate_providers") instanceof Map<?, ?> providers) {
            for (Object provider : providers.values()) {
                if ("file_watcher".equals(member(provider, "plugin_name"))) {
                    Object config = member(provider, "config");
                    for (String field : FILES) {
                        if (member(config, field) instanceof String file && !file.isEmpty()) {
                            found.add(Path.of(file));
                        }
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static @Nullable Object member(@Nullable Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
