package dev.attache.interception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A way of intercepting, with the flags that a sidecar has. */
public enum Way {
    IPTABLES(1337),
    NFTABLES(1337),
    /** As in Istio, the proxy is root and known by its group. */
    TPROXY(0),
    EBPF(1337);

    private static final int GROUP = 1337;

    private final int uid;

    Way(int uid) {
        this.uid = uid;
    }

    /** The user as which the proxy runs. */
    public int uid() {
        return uid;
    }

    public int gid() {
        return GROUP;
    }

    /**
     * Installs it.
     *
     * @param owner user and group whose traffic is left alone
     * @param more flags of {@code istio-iptables}
     */
    public void install(Space pod, String owner, String... more) throws IOException {
        List<String> command = new ArrayList<>(command(pod, "attach", owner));
        command.addAll(List.of(more));
        Space.Outcome outcome = pod.intercept(command);
        assertThat(outcome.code()).as(outcome.text()).isZero();
    }

    void remove(Space pod) throws IOException {
        Space.Outcome outcome =
                this == EBPF
                        ? pod.intercept(
                                List.of(
                                        "intercept",
                                        "ebpf",
                                        "detach",
                                        "--cgroup",
                                        pod.cgroup().toString()))
                        : pod.intercept(command(pod, "--cleanup-only", "1337"));
        assertThat(outcome.code()).as(outcome.text()).isZero();
    }

    private List<String> command(Space pod, String action, String owner) {
        List<String> all = new ArrayList<>();
        if (this == EBPF) {
            all.addAll(List.of("intercept", "ebpf", action, "--cgroup", pod.cgroup().toString()));
        } else {
            all.add("iptables");
            if (!action.equals("attach")) {
                all.add(action);
            }
        }
        all.addAll(List.of("-i", "*", "-b", "*", "-d", "15090,15021,15020", "--dual-stack"));
        all.addAll(List.of("-u", owner, "-g", owner));
        switch (this) {
            case NFTABLES -> all.add("--native-nftables");
            case TPROXY -> all.addAll(List.of("-m", "TPROXY"));
            case IPTABLES, EBPF -> {}
        }
        return all;
    }
}
