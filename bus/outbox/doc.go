// Package outbox keeps accepted events on the local disk until the log has them.
//
// Its rules:
//
//   - An entry is accepted when done(nil) runs, and that is after the fsync that makes it
//     durable. One fsync serves a whole batch (group commit).
//   - Entries come out in the order they went in, under indexes without holes.
//   - A crash loses no accepted entry and invents none. It may hand published ones out again,
//     because the trim is written lazily; readers repeat with the same message id.
//   - What is damaged is reported as ErrCorrupt, never stepped over. Only the last batch,
//     whose fsync never returned, may be dropped: that is a torn tail, nobody was told it was
//     accepted.
//   - A disk that failed once is not trusted again: the outbox refuses everything until it is
//     opened anew.
//
// # On disk
//
// The directory holds `lock`, `cursor` and segments named <first index>-<salt>.log. A segment
// is a row of batches, each starting on a 4 KiB block, so that writing one never touches a
// block that holds an older one:
//
//	header  magic "POB1" | first index u64 | entries u32 | body bytes u32 | body crc32c u32 |
//	        zero u32 | crc32c over the segment's salt and the 28 bytes before, u32
//	body    entries × ( length u32 | bytes )
//	padding zeros up to the next block
//
// Integers are little endian. A batch is written only when the fsync of the one before has
// returned, so a valid batch behind an invalid one proves damage; an invalid one with nothing
// behind it is a torn tail. The salt is random: bytes inside an entry can't pass for a header.
//
// The cursor file is two blocks written in turn, each {magic "POC1", sequence, published,
// last, crc32c}. `published` is the trim, `last` an index known to be durable: a log that ends
// before it has lost accepted entries and is refused.
//
// # Wiping
//
// A segment is deleted when everything in it is published; the one being written to is
// replaced first when it has been quiet for a second, and at Close. So the directory holds no
// published text once the outbox is empty and quiet, or empty and closed. Deleting unlinks the
// file: the file system reuses the blocks when it likes, overwriting would promise more than
// an SSD keeps.
//
// Read outbox.go (the queue), commit.go, batch.go and segment.go (writing), cursor.go (the trim),
// read.go, loaded.go, open.go and recover.go (what is trusted after a crash), disk.go and its two systems
// (what is asked of a disk), errors.go.
package outbox
