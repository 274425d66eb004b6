package dev.attache.agent.mesh;

import io.netty.util.NetUtil;
import java.util.regex.Pattern;

/** Names of hosts and domains, as Istio checks them (RFC 1123, section 2.1). */
final class HostNames {

    private static final int LONGEST = 255;
    private static final Pattern LABEL =
            Pattern.compile("[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?");

    private HostNames() {}

    /** Labels between dots; one dot may end it. */
    static boolean isDomain(String name) {
        String[] labels =
                (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    /** A domain that does not end as an address does, or an address. */
    static boolean isHost(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return true;
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        boolean number = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return host.length() <= LONGEST && !number && isDomain(host);
    }
}
