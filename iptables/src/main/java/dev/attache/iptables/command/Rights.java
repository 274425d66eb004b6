package dev.attache.iptables.command;

import dev.attache.iptables.capture.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may change packet rules: capability CAP_NET_ADMIN. Stateless. */
final class Rights {
    private static final int CAP_NET_ADMIN = 12;

    private Rights() {}

    static void require() throws BadInput {
        try {
            for (String line :
                    Files.readAllLines(
                            Path.of("/proc/thread-self/status"), StandardCharsets.US_ASCII)) {
                if (line.startsWith("CapEff:")) {
                    require(Long.parseUnsignedLong(line.substring(7).strip(), 16), line);
                }
            }
        } catch (IOException e) {
            throw BadInput.host(
                    "cannot read the rights of this process: " + e, "is /proc mounted?");
        }
    }

    static void require(long effective, String line) throws BadInput {
        if ((effective >> CAP_NET_ADMIN & 1) == 0) {
            throw BadInput.host(
                    "no right to change packet rules (CAP_NET_ADMIN is not in "
                            + line.strip().replace('\t', ' ')
                            + ")",
                    "run as root, or give the container the capabilities NET_ADMIN and NET_RAW");
        }
    }
}
