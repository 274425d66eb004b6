package dev.attache.iptables.kernel;

/**
 * The kinds of BPF map in use here.
 *
 * <p>Source: {@code enum bpf_map_type}.
 */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PERCPU_ARRAY(6),
    LRU_HASH(9),
    LPM_TRIE(11),
    SOCKMAP(15),
    SOCKHASH(18),
    SK_STORAGE(24);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
