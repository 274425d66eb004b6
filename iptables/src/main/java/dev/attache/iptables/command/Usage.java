package dev.attache.iptables.command;

import dev.attache.iptables.capture.Flag;

/** The help text of the iptables command, made from the flags themselves. Stateless. */
final class Usage {
    private Usage() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append("Installs, checks and removes the rules that bring an application's traffic to")
                .append(" the proxy.\nDrop-in for istio-iptables: same flags, same rules.\n\n")
                .append("Usage:\n  attache iptables [flags]\n\nFlags:\n");
        for (Flag flag : Flag.values()) {
            text.append(flag.usageLine()).append('\n');
        }
        text.append("\nEvery flag but --envoy-port and the log flags is also read from the")
                .append(" environment variable of its name\nin capitals. Only there:\n")
                .append("  ISTIO_OUTBOUND_OWNER_GROUPS            groups captured (default *)\n")
                .append("  ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE    groups left alone\n")
                .append("  ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR      default 127.0.0.1/32\n")
                .append("  ENVOY_USER                             default istio-proxy\n")
                .append("  DRY_RUN_FILE_PATH                      file for --dry-run\n")
                .append("\nExit codes: 0 done, 1 failed (nothing changed), 126 validation failed,")
                .append(" 255 bad command line.\n");
        return text.toString();
    }
}
