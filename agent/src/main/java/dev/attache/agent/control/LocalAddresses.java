package dev.attache.agent.control;

import dev.attache.agent.environment.Environment;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of this machine that connections to the control plane and the authority leave from.
 * Immutable; any thread.
 *
 * @param all empty for what routes say
 */
public record LocalAddresses(List<InetAddress> all) {

    /** What routes say. */
    static final LocalAddresses NONE = new LocalAddresses(List.of());

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String VARIABLE = "ATTACHE_CONTROL_PLANE_ADDRESS";

    public LocalAddresses {
        all = List.copyOf(all);
    }

    /**
     * Those of the variable ATTACHE_CONTROL_PLANE_ADDRESS.
     *
     * @throws IllegalArgumentException if one is no address
     */
    public static LocalAddresses of(Environment environment) {
        List<InetAddress> all = new ArrayList<>();
        for (String text : environment.text(VARIABLE, "").split(",")) {
            try {
                if (!text.isBlank()) {
                    all.add(InetAddress.ofLiteral(text.strip()));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        VARIABLE + " is no address: " + text + "; give one of this machine", e);
            }
        }
        return new LocalAddresses(all);
    }

    /** The first of the peer's family; null where routes decide, which is said if not meant. */
    public @Nullable InetAddress towards(InetAddress peer) {
        for (InetAddress one : all) {
            if (one.getClass() == peer.getClass()) {
                return one;
            }
        }
        if (!all.isEmpty()) {
            LOG.warn(
                    "the connection to {} is not bound: {} has no address of its family, only {}",
                    peer,
                    VARIABLE,
                    all);
        }
        return null;
    }
}
