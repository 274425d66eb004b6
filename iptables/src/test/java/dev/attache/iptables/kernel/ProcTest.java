package dev.attache.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read from /proc and /sys, on samples. */
class ProcTest {
    @Test
    void possibleCpusAreCountedFromRanges() {
        assertThat(PossibleCpus.count("0\n")).isEqualTo(1);
        assertThat(PossibleCpus.count("0-3,8,10-11\n")).isEqualTo(7);
    }

    @Test
    void theBpfFileSystemIsRecognisedAmongTheMounts() {
        assertThat(BpfFilesystem.isMounted("bpf /sys/fs/bpf bpf rw 0 0\n")).isTrue();
        assertThat(BpfFilesystem.isMounted("tmpfs /sys/fs/bpf tmpfs rw 0 0\n")).isFalse();
        assertThat(BpfFilesystem.isMounted("bpf /run/bpf bpf rw 0 0\n")).isFalse();
    }

    @Test
    void listenersAreFoundByPortAndState() {
        String table =
                """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
                   0: 00000000:3A9E 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 7001 1
                   1: 00000000:3A99 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 7002 1
                   2: 0100007F:3A9E 0100007F:9999 01 00000000:00000000 00:00000000 0 0 0 7003 1
                """;
        assertThat(ForeignSocket.listening(table, 15006)).containsExactly("socket:[7001]");
        assertThat(ForeignSocket.listening(table, 80)).isEmpty();
    }

    @Test
    void typeInformationOfAStorageMapDescribesKeyAndValue() {
        MapSpec map = new MapSpec("flows", MapType.SK_STORAGE, 4, 32, 0);
        KernelTypes types = KernelTypes.of(TypeInformation.ofStorageMap(map).bytes());
        assertThat(types.size()).isEqualTo(TypeInformation.VALUE_TYPE);
    }
}
