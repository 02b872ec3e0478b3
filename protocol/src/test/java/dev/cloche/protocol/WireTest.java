package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.FrameClient;
import dev.cloche.kernel.Json;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bytes on the wire in each version of the protocol, over real sockets, against the fake database. */
@Timeout(60)
class WireTest {
    /** A list of one row: its size, the length, number 1 with the name "ada". */
    private static final String ADA = "00" + "0b00" + "0b000000" + "01000000" + "03000000" + "616461";
    private static final String NO_ROWS = "01" + "00000000" + "00000000";
    private static final String PERSON = "06000000" + HexFormat.of().formatHex("person".getBytes(StandardCharsets.US_ASCII));
    private static final String TIME = le(1_700_000_000_000_000L);

    private ProtocolServer server;

    @BeforeEach
    void start() {
        server = new ProtocolServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theFirstMessageSaysWhoTheClientIs() {
        try (Talk talk = new Talk(server, "v2.bsatn.spacetimedb", "connection_id=00112233445566778899aabbccddeeff&compression=None")) {
            BsatnReader in = talk.next();

            assertThat(in.readU8()).isZero();
            Identity identity = Identity.read(in);
            assertThat(identity.hex()).startsWith("c200");
            assertThat(ConnectionId.read(in).hex()).isEqualTo("00112233445566778899aabbccddeeff");
            String token = in.readString();
            assertThat(in.remaining()).isZero();
            assertThat(server.send("GET", "/v1/identity/" + identity.hex() + "/verify", "", "Authorization: Bearer " + token).status()).isEqualTo(204);
        }
    }

    @Test
    void version1NamesTheSameThingsInAnotherOrder() {
        try (Talk talk = new Talk(server, "v1.bsatn.spacetimedb", "compression=None")) {
            BsatnReader in = talk.next();

            assertThat(in.readU8()).isEqualTo(3);
            assertThat(Identity.read(in).hex()).startsWith("c200");
            assertThat(in.readString()).contains(".");
            assertThat(ConnectionId.read(in).isZero()).isFalse();
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void theBestProtocolOfThoseOfferedIsChosen() {
        assertThat(chosen("v2.bsatn.spacetimedb, v3.bsatn.spacetimedb")).isEqualTo("v3.bsatn.spacetimedb");
        assertThat(chosen("v1.json.spacetimedb, v1.bsatn.spacetimedb")).isEqualTo("v1.bsatn.spacetimedb");
        assertThat(chosen("v1.json.spacetimedb")).isEqualTo("v1.json.spacetimedb");
        assertThat(open("", "Sec-WebSocket-Protocol: v9.bsatn.spacetimedb").status()).isEqualTo(400);
        assertThat(open("").status()).isEqualTo(101);
        assertThat(open("").header("sec-websocket-protocol")).isEmpty();
    }

    @Test
    void openingsThatCannotBeAreRefusedWithTheirStatus() {
        assertThat(open("connection_id=" + "0".repeat(32)).status()).isEqualTo(400);
        assertThat(open("connection_id=zz").status()).isEqualTo(400);
        assertThat(open("compression=Zip").status()).isEqualTo(400);
        assertThat(open("confirmed=maybe").status()).isEqualTo(400);
        assertThat(open("token=rubbish").status()).isEqualTo(401);
        assertThat(FrameClient.open(server.port(), "/v1/database/nobody/subscribe").status()).isEqualTo(404);
        assertThat(server.send("GET", "/v1/database/people/subscribe", "").status()).isEqualTo(426);
    }

    @Test
    void version2SubscribesCallsAndUnsubscribes() {
        try (Talk talk = Talk.v2(server); Talk other = Talk.v2(server)) {
            talk.frames.binary(Talk.subscribe(7, 1, "SELECT * FROM person"));
            assertThat(talk.hex()).isEqualTo("01" + "07000000" + "01000000" + "01000000" + PERSON + NO_ROWS);
            other.frames.binary(Talk.subscribe(1, 9, "SELECT * FROM \"person\""));
            other.next();

            String update = "01000000" + PERSON + "01000000" + "00" + ADA + NO_ROWS;
            talk.frames.binary(Talk.call(8, "add_person", out -> out.writeString("ada")));
            assertThat(talk.hex()).isEqualTo("06" + "08000000" + TIME + "00" + "00000000" + "01000000" + "01000000" + update);
            assertThat(other.hex()).isEqualTo("04" + "01000000" + "09000000" + update);

            talk.frames.binary(Talk.call(9, "no_op", out -> { }));
            assertThat(talk.hex()).isEqualTo("06" + "09000000" + TIME + "00" + "00000000" + "00000000");
            talk.frames.binary(Talk.call(10, "fail", out -> out.writeString("no")));
            assertThat(talk.hex()).isEqualTo("06" + "0a000000" + TIME + "02" + "06000000" + "02000000" + "6e6f");
            talk.frames.binary(Talk.call(11, "panic", out -> { }));
            assertThat(talk.hex()).startsWith("06" + "0b000000" + TIME + "03" + "27000000");

            talk.say(out -> out.writeU8(1).writeU32(12).writeU32(1).writeU8(1));
            assertThat(talk.hex()).isEqualTo("02" + "0c000000" + "01000000" + "00" + "01000000" + PERSON + ADA);
            other.say(out -> out.writeU8(1).writeU32(13).writeU32(9).writeU8(0));
            assertThat(other.hex()).isEqualTo("02" + "0d000000" + "09000000" + "01");
            other.say(out -> out.writeU8(1).writeU32(14).writeU32(9).writeU8(0));
            assertThat(other.hex()).startsWith("03" + "00" + "0e000000" + "09000000");
        }
    }

    @Test
    void overlappingQueriesOfASetAreToldOncePerQuery() {
        try (Talk talk = Talk.v2(server)) {
            talk.frames.binary(Talk.subscribe(1, 1, "SELECT * FROM person", "SELECT * FROM person WHERE id = 1"));
            assertThat(talk.hex()).isEqualTo("01" + "01000000" + "01000000" + "02000000" + PERSON + NO_ROWS + PERSON + NO_ROWS);

            talk.frames.binary(Talk.call(2, "add_person", out -> out.writeString("ada")));
            assertThat(talk.hex()).endsWith("01000000" + "01000000" + "01000000" + PERSON + "02000000" + "00" + ADA + NO_ROWS + "00" + ADA + NO_ROWS);
        }
    }

    @Test
    void eventsAreToldInAFormOfTheirOwnAndNeverKept() {
        try (Talk talk = Talk.v2(server)) {
            talk.frames.binary(Talk.subscribe(1, 1, "SELECT * FROM shout"));
            assertThat(talk.hex()).isEqualTo("01" + "01000000" + "01000000" + "00000000");
            talk.frames.binary(Talk.call(2, "shout", out -> out.writeString("hey")));
            assertThat(talk.hex()).endsWith("05000000" + "73686f7574" + "01000000" + "01" + "000700" + "07000000" + "03000000" + "686579");
        }
    }

    @Test
    void proceduresAndOneOffQueriesAreAnswered() {
        try (Talk talk = Talk.v2(server)) {
            talk.say(out -> out.writeU8(4).writeU32(3).writeU8(0).writeString("sum_it").writeBytes(Talk.bytes(args -> args.writeU32(2).writeU32(40))));
            assertThat(talk.hex()).isEqualTo("07" + "00" + "08000000" + "2a00000000000000" + TIME + "0700000000000000" + "03000000");
            talk.say(out -> out.writeU8(4).writeU32(4).writeU8(0).writeString("nothing").writeU32(0));
            assertThat(talk.hex()).startsWith("07" + "01");
            talk.say(out -> out.writeU8(2).writeU32(5).writeString("SELECT * FROM person"));
            assertThat(talk.hex()).isEqualTo("05" + "05000000" + "00" + "01000000" + PERSON + NO_ROWS);
            talk.say(out -> out.writeU8(2).writeU32(6).writeString("SELECT nonsense"));
            assertThat(talk.hex()).startsWith("05" + "06000000" + "01");
        }
    }

    @Test
    void aSubscriptionThatFailsKeepsTheConnection() {
        try (Talk talk = Talk.v2(server)) {
            talk.frames.binary(Talk.subscribe(1, 1, "SELECT * FROM secret"));
            assertThat(talk.hex()).startsWith("03" + "00" + "01000000" + "01000000");
            talk.frames.binary(Talk.subscribe(2, 2, "SELECT * FROM person"));
            assertThat(talk.hex()).startsWith("01" + "02000000");
        }
    }

    @Test
    void version3TakesSeveralMessagesInAFrameAndAnswersInOrder() {
        try (Talk talk = new Talk(server, "v3.bsatn.spacetimedb", "compression=None")) {
            talk.next();
            byte[][] calls = new byte[1000][];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = Talk.call(i, "no_op", out -> { });
            }
            talk.frames.binary(FrameClient.joined(calls));
            int next = 0;
            int frames = 0;
            while (next < calls.length) {
                BsatnReader in = talk.next();
                frames++;
                while (in.remaining() > 0) {
                    assertThat(in.readU8()).isEqualTo(6);
                    assertThat(in.readU32()).isEqualTo(next++);
                    in.readRaw(8 + 1 + 4 + 4);
                }
            }
            assertThat(frames).isLessThan(calls.length);
            assertThat(talk.frames.binary(new byte[0]).closeFrame().reason()).contains("at least one");
        }
    }

    @Test
    void version1SubscribesCallsAndUnsubscribes() {
        String update = "01000000" + "00100000" + PERSON + "0100000000000000" + "01000000" + "00" + NO_ROWS + ADA;
        try (Talk talk = Talk.v1(server); Talk other = Talk.v1(server)) {
            talk.say(out -> out.writeU8(4).writeU32(1).writeString("SELECT * FROM person").writeU32(7).writeU32(1));
            assertThat(talk.hex()).isEqualTo("08" + "07000000" + "d204000000000000" + "01000000"
                    + "01000000" + "00100000" + PERSON + "0000000000000000" + "01000000" + "00" + NO_ROWS + NO_ROWS);
            other.say(out -> out.writeU8(3).writeString("SELECT * FROM person").writeU32(1).writeU32(5));
            assertThat(other.hex()).startsWith("05" + "01000000" + "d204000000000000" + "05000000" + "00100000" + PERSON + "00100000" + PERSON);

            talk.say(out -> out.writeU8(0).writeString("add_person").writeBytes(Talk.bytes(args -> args.writeString("ada"))).writeU32(8).writeU8(0));
            String full = talk.hex();
            assertThat(full).startsWith("01" + "00" + update + TIME);
            assertThat(full).endsWith("0a000000" + HexFormat.of().formatHex("add_person".getBytes(StandardCharsets.US_ASCII)) + "01000000"
                    + "07000000" + "03000000616461" + "08000000" + "00".repeat(16) + "0500000000000000");
            assertThat(other.hex()).isEqualTo("02" + "08000000" + update);

            talk.say(out -> out.writeU8(0).writeString("fail").writeBytes(Talk.bytes(args -> args.writeString("no"))).writeU32(9).writeU8(1));
            assertThat(talk.hex()).startsWith("01" + "01" + "02000000" + "6e6f" + TIME);
            talk.say(out -> out.writeU8(0).writeString("rename").writeBytes(Talk.bytes(args -> args.writeU32(1).writeString("ada"))).writeU32(10).writeU8(1));
            assertThat(talk.hex()).startsWith("02" + "0a000000");

            talk.say(out -> out.writeU8(6).writeU32(11).writeU32(1));
            assertThat(talk.hex()).isEqualTo("09" + "0b000000" + "0100000000000000" + "01000000"
                    + "01000000" + "00100000" + PERSON + "0100000000000000" + "01000000" + "00" + ADA + NO_ROWS);
            talk.say(out -> out.writeU8(7).writeString("sum_it").writeBytes(Talk.bytes(args -> args.writeU32(1).writeU32(1))).writeU32(12).writeU8(0));
            assertThat(talk.hex()).startsWith("0a" + "00" + "08000000" + "0200000000000000");
            talk.say(out -> out.writeU8(2).writeBytes(new byte[] {1, 2, 3}).writeString("SELECT * FROM person"));
            assertThat(talk.hex()).startsWith("04" + "03000000" + "010203" + "01" + "01000000" + PERSON + ADA);
        }
    }

    @Test
    void theWholeSubscriptionOfVersion1ReplacesTheOneBefore() {
        try (Talk talk = Talk.v1(server)) {
            for (int i = 1; i <= 3; i++) {
                int requestId = i;
                talk.say(out -> out.writeU8(1).writeU32(1).writeString("SELECT * FROM person").writeU32(requestId));
                assertThat(talk.hex()).startsWith("00" + "01000000").contains("0" + requestId + "000000" + "d204000000000000");
            }
            talk.say(out -> out.writeU8(1).writeU32(1).writeString("SELECT * FROM secret").writeU32(4));
            assertThat(talk.hex()).startsWith("07" + "0100000000000000" + "00" + "04000000" + "01" + "01");
        }
    }

    @Test
    void version1SpeaksJsonToo() {
        try (FrameClient client = FrameClient.open(server.port(), "/v1/database/people/subscribe", "Sec-WebSocket-Protocol: v1.json.spacetimedb")) {
            assertThat(next(client).at("/IdentityToken/identity/__identity__").asText()).startsWith("0xc200");
            client.text("{\"SubscribeMulti\":{\"query_strings\":[\"SELECT * FROM person\"],\"request_id\":1,\"query_id\":{\"id\":5}}}");
            assertThat(next(client).at("/SubscribeMultiApplied/query_id/id").asInt()).isEqualTo(5);

            client.text("{\"CallReducer\":{\"reducer\":\"add_person\",\"args\":\"[\\\"ada\\\"]\",\"request_id\":2,\"flags\":0}}");
            JsonNode update = next(client).at("/TransactionUpdate");
            assertThat(Json.tree(update.at("/status/Committed/tables/0/updates/0/inserts/0").asText().getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(Json.tree("{\"id\":1,\"name\":\"ada\"}".getBytes(StandardCharsets.UTF_8)));
            assertThat(update.at("/reducer_call/args").asText()).isEqualTo("[\"ada\"]");
            assertThat(update.at("/reducer_call/request_id").asInt()).isEqualTo(2);

            client.text("{\"CallReducer\":{\"reducer\":\"add_person\",\"args\":\"[5]\",\"request_id\":3,\"flags\":0}}");
            assertThat(next(client).at("/TransactionUpdate/status/Failed").asText()).contains("invalid arguments for reducer add_person");
            client.text("{\"CallReducer\":{\"reducer\":\"nothing\",\"args\":\"[5]\",\"request_id\":4,\"flags\":0}}");
            assertThat(next(client).at("/TransactionUpdate/status/Failed").asText()).isEqualTo("no such reducer");
            client.text("{\"OneOffQuery\":{\"message_id\":\"0a0b\",\"query_string\":\"SELECT * FROM person\"}}");
            assertThat(next(client).at("/OneOffQueryResponse/tables/0/rows/0").asText()).contains("ada");
            client.text("{\"UnsubscribeMulti\":{\"request_id\":5,\"query_id\":{\"id\":5}}}");
            assertThat(next(client).at("/UnsubscribeMultiApplied/update/tables/0/updates/0/deletes").size()).isEqualTo(1);

            assertThat(client.text("{\"Nothing\":{}}").closeFrame().code()).isEqualTo(1011);
        }
    }

    @Test
    void largeMessagesAreCompressedAsTheClientAsks() throws IOException {
        server.database().fill(300, "somebody");
        byte[] plain = rows("None");

        assertThat(plain[0]).isZero();
        byte[] gzip = rows("Gzip");
        assertThat(gzip[0]).isEqualTo((byte) 2);
        assertThat(gzip.length).isLessThan(plain.length / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip, 1, gzip.length - 1)).readAllBytes()).isEqualTo(Arrays.copyOfRange(plain, 1, plain.length));
        Brotli4jLoader.ensureAvailability();
        for (String query : new String[] {"compression=Brotli", ""}) {
            byte[] brotli = frames(query)[1];
            assertThat(brotli[0]).isEqualTo((byte) 1);
            assertThat(Decoder.decompress(Arrays.copyOfRange(brotli, 1, brotli.length)).getDecompressedData()).isEqualTo(Arrays.copyOfRange(plain, 1, plain.length));
            assertThat(frames(query)[0][0]).isZero();
        }
    }

    @Test
    void clientsInJavaScriptGetPlainFramesBecauseTheirSdkWouldMixUpTheOrder() {
        server.database().fill(300, "somebody");
        for (String header : new String[] {"Origin: http://game.example", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"}) {
            try (FrameClient client = open("compression=Gzip", "Sec-WebSocket-Protocol: v2.bsatn.spacetimedb", header)) {
                client.next();
                client.binary(Talk.subscribe(1, 1, "SELECT * FROM person"));
                assertThat(client.next().payload()[0]).isZero();
            }
        }
    }

    @Test
    void compressedAndPlainMessagesKeepTheirOrder() throws IOException {
        server.database().fill(2000, "somebody");
        try (Talk talk = new Talk(server, "v2.bsatn.spacetimedb", "compression=Gzip")) {
            talk.next();
            for (int i = 0; i < 40; i++) {
                talk.frames.binary(i % 4 == 0 ? Talk.subscribe(i, i, "SELECT * FROM person") : Talk.call(i, "no_op", out -> { }));
            }
            for (int i = 0; i < 40; i++) {
                byte[] frame = talk.frames.next().payload();
                byte[] body = frame[0] == 2 ? new GZIPInputStream(new ByteArrayInputStream(frame, 1, frame.length - 1)).readNBytes(5) : Arrays.copyOfRange(frame, 1, 6);
                assertThat(body[1]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void confirmedClientsHearWhenTheLogIsDurableAndOthersAtOnce() {
        try (Talk confirmed = Talk.v2(server); Talk quick = new Talk(server, "v2.bsatn.spacetimedb", "compression=None&confirmed=false"); Talk old = Talk.v1(server)) {
            quick.next();
            confirmed.frames.binary(Talk.subscribe(1, 1, "SELECT * FROM person"));
            confirmed.next();
            server.database().stopLog();

            quick.frames.binary(Talk.call(2, "add_person", out -> out.writeString("ada")));
            assertThat(quick.hex()).startsWith("06" + "02000000");
            old.say(out -> out.writeU8(0).writeString("add_person").writeBytes(Talk.bytes(args -> args.writeString("ada"))).writeU32(3).writeU8(0));
            assertThat(old.hex()).startsWith("01" + "00");
            confirmed.frames.binary(Talk.call(4, "add_person", out -> out.writeString("ada"))).binary(Talk.call(5, "fail", out -> out.writeString("no")));
            // a ping is answered although messages are held back, so nothing else was sent
            confirmed.frames.frame(0x89, new byte[] {1});
            assertThat(confirmed.frames.next().opcode()).isEqualTo(10);

            server.database().write();
            assertThat(confirmed.hex()).startsWith("04");
            assertThat(confirmed.hex()).startsWith("04");
            assertThat(confirmed.hex()).startsWith("06" + "04000000");
            assertThat(confirmed.hex()).startsWith("06" + "05000000" + TIME + "02");
        }
    }

    @Test
    void framesThatAreNoMessagesEndWithAReason() {
        assertThat(endOf(new byte[0])).contains("too short");
        assertThat(endOf(new byte[] {0x63})).isEqualTo("unknown tag 0x63 for sum type ClientMessage");
        assertThat(endOf(Talk.bytes(out -> out.writeU8(3).writeU32(1).writeU8(1)))).isEqualTo("invalid call reducer flag 1");
        assertThat(endOf(FrameClient.joined(Talk.call(1, "no_op", out -> { }), new byte[] {1}))).contains("one message");
        try (Talk talk = Talk.v2(server)) {
            FrameClient.Frame end = talk.frames.text("hello").closeFrame();
            assertThat(end.code()).isEqualTo(1011);
            assertThat(end.reason()).isEqualTo("v2 websocket does not support text messages");
        }
    }

    @Test
    void noFrameOfRandomBytesDoesMoreThanEndItsConnection() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) random.nextInt(9);
            }
            String protocol = new String[] {"v1.bsatn.spacetimedb", "v2.bsatn.spacetimedb", "v3.bsatn.spacetimedb"}[i % 3];
            try (Talk talk = new Talk(server, protocol, "compression=None")) {
                talk.next();
                // either it was a message, then a close is answered, or it ended the connection
                FrameClient.Frame end = talk.frames.binary(bytes).frame(0x88, new byte[] {3, (byte) 0xe8}).closeFrame();
                assertThat(end.code()).isIn(1000, 1011);
            }
        }
        try (Talk talk = Talk.v2(server)) {
            talk.frames.binary(Talk.call(1, "no_op", out -> { }));
            assertThat(talk.hex()).startsWith("06");
        }
    }

    @Test
    void aModuleThatRefusesAClientAndADatabaseThatEndsSaySo() {
        try (Talk talk = Talk.v2(server)) {
            server.database().endClients("deleted");
            assertThat(talk.frames.closeFrame().reason()).isEqualTo("deleted");
        }
        server.database().refuse("members only");
        try (Talk talk = new Talk(server, "v2.bsatn.spacetimedb", "")) {
            assertThat(talk.frames.closeFrame().reason()).isEqualTo("members only");
        }
    }

    @Test
    void aClientThatNeverReadsIsDroppedAndTheServerForgetsIt() {
        server.database().fill(16, "x".repeat(1_000_000));
        try (Talk talk = Talk.v2(server)) {
            int answers = 5;
            for (int i = 0; i < answers; i++) {
                talk.frames.binary(Talk.subscribe(i, i, "SELECT * FROM person"));
            }
            // each answer has 16 MB, and nothing is read before the last one was given
            while (server.database().querySets() < answers) {
                Thread.onSpinWait();
            }
            FrameClient.Frame last = talk.frames.closeFrame();
            assertThat(last.code()).isEqualTo(1008);
            assertThat(last.reason()).contains("too slow");
        }
    }

    private FrameClient open(String query, String... headers) {
        return FrameClient.open(server.port(), "/v1/database/people/subscribe?" + query, headers);
    }

    private String chosen(String offered) {
        try (FrameClient client = open("", "Sec-WebSocket-Protocol: " + offered)) {
            return client.header("sec-websocket-protocol").orElseThrow();
        }
    }

    private String endOf(byte[] frame) {
        try (Talk talk = Talk.v2(server)) {
            FrameClient.Frame end = talk.frames.binary(frame).closeFrame();
            assertThat(end.code()).isEqualTo(1011);
            return end.reason();
        }
    }

    private byte[] rows(String compression) {
        return frames("compression=" + compression)[1];
    }

    private byte[][] frames(String query) {
        try (Talk talk = new Talk(server, "v2.bsatn.spacetimedb", query)) {
            byte[] first = talk.frames.next().payload();
            talk.frames.binary(Talk.subscribe(1, 1, "SELECT * FROM person"));
            return new byte[][] {first, talk.frames.next().payload()};
        }
    }

    private static JsonNode next(FrameClient client) {
        FrameClient.Frame frame = client.next();
        assertThat(frame.opcode()).isEqualTo(1);
        return Json.tree(frame.payload());
    }

    private static String le(long number) {
        return HexFormat.of().formatHex(Talk.bytes(out -> out.writeU64(number)));
    }
}
