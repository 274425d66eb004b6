package dev.attache.iptables.apply;

import dev.attache.iptables.capture.CaptureConfig;
import java.util.Locale;

/** Turns what iptables or nft complained into what failed, why, and what to do. Stateless. */
final class Complaint {
    private static final String[] KINDS = {
        "",
        "xtables other problem",
        "xtables parameter problem",
        "xtables version problem",
        "xtables resource problem"
    };

    private Complaint() {}

    static ApplyException of(String program, Programs.Answer answer, CaptureConfig config) {
        String kind =
                answer.exit() > 0 && answer.exit() < KINDS.length
                        ? KINDS[answer.exit()]
                        : "exit code " + answer.exit();
        String said = answer.complaint();
        return new ApplyException(
                program
                        + " failed ("
                        + kind
                        + "): "
                        + said
                        + "; "
                        + remedy(said, config)
                        + "; nothing was changed");
    }

    private static String remedy(String said, CaptureConfig config) {
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("permission denied") || text.contains("not permitted")) {
            return "run as root or grant CAP_NET_ADMIN and CAP_NET_RAW";
        }
        if (text.contains("another app is currently holding the xtables lock")) {
            return "another program holds the iptables lock; run again when it is done";
        }
        if (text.contains("tproxy") && config.inbound().tproxy()) {
            return "this kernel lacks the TPROXY target (module xt_TPROXY or nft_tproxy); use -m"
                    + " REDIRECT";
        }
        if ((text.contains("ct\"") || text.contains("zone")) && config.dns().captured()) {
            return "this kernel lacks connection tracking zones (module xt_CT or nft_ct); leave out"
                    + " --redirect-dns";
        }
        if (text.contains("owner") && (text.contains("bad value") || text.contains("valid"))) {
            return "check the users and groups of -u, -g and ISTIO_OUTBOUND_OWNER_GROUPS";
        }
        if (text.contains("missing kernel module")
                || text.contains("table does not exist")
                || text.contains("not supported")
                || text.contains("no such file or directory")) {
            return "this kernel lacks a module the rules need (nf_nat, xt_REDIRECT, xt_owner,"
                    + " nf_conntrack); load it or use another mode";
        }
        return "check the flags that this line came from";
    }
}
