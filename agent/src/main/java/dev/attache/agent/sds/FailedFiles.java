package dev.attache.agent.sds;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that files are not as they should be. */
final class FailedFiles {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");

    private FailedFiles() {}

    static void say(String name, IOException reason) {
        LOG.error(
                "resource:{} failed to generate secret for proxy from file, the last good one"
                        + " stays: {}",
                name,
                reason.toString());
    }
}
