package dev.cloche.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Blake3Test {
    /** From the authors' test_vectors.json: input is 0, 1, ... 250, 0, 1, ... */
    @ParameterizedTest
    @CsvSource({
        "0,af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
        "1,2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
        "1023,10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11",
        "1024,42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
        "1025,d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
        "2048,e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a",
        "2049,5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030",
        "3072,b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2",
        "3073,7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3",
        "4096,015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969",
        "4097,9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995",
        "5121,628bd2cb2004694adaab7bbd778a25df25c47b9d4155a55f8fbd79f2fe154cff",
        "6145,f1323a8631446cc50536a9f705ee5cb619424d46887f3c376c695b70e0f0507f",
        "7169,a003fc7a51754a9b3c7fae0367ab3d782dccf28855a03d435f8cfe74605e7817"
    })
    void hashesTheOfficialVectors(int length, String hash) {
        byte[] input = new byte[length];
        for (int i = 0; i < length; i++) {
            input[i] = (byte) (i % 251);
        }

        assertThat(HexFormat.of().formatHex(Blake3.hash(input))).isEqualTo(hash);
    }

    @Test
    void anIdentityOfClaimsChecksItself() {
        Identity identity = Identity.ofClaims("localhost", "01888d6e-5c00-7000-8000-000000000001");

        byte[] marked = HexFormat.of().parseHex("c200" + identity.hex().substring(12));

        assertThat(identity.hex()).startsWith("c200");
        assertThat(identity.hex().substring(4, 12)).isEqualTo(HexFormat.of().formatHex(Blake3.hash(marked), 0, 4));
        assertThat(Identity.read(new BsatnReader(identity.toBytes()))).isEqualTo(identity);
        assertThat(Identity.ofClaims("localhost", "other")).isNotEqualTo(identity);
    }
}
