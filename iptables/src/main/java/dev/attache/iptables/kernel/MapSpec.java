package dev.attache.iptables.kernel;

/**
 * What a BPF map is to be.
 *
 * @param name at most 15 characters; also the name of its pin
 * @param keyBytes size of a key
 * @param valueBytes size of a value
 * @param entries capacity; 0 for socket storage, which has none of its own
 */
public record MapSpec(String name, MapType type, int keyBytes, int valueBytes, int entries) {
    private static final int BPF_F_NO_PREALLOC = 1;

    /** Returns the creation flags that the type asks for. */
    int flags() {
        return switch (type) {
            case LPM_TRIE, SK_STORAGE -> BPF_F_NO_PREALLOC;
            case HASH, ARRAY, PERCPU_ARRAY, LRU_HASH, SOCKMAP, SOCKHASH -> 0;
        };
    }
}
