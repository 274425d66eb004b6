package dev.attache.xds.file;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a {@code DiscoveryResponse} from a file, in the format that the file's extension says. The
 * loader of the configuration files does this; it is injected to keep this module free of formats.
 */
@FunctionalInterface
public interface ResponseFileReader {

    /** Throws with a message that names file and place where it cannot be read. */
    DiscoveryResponse read(Path file) throws IOException;
}
