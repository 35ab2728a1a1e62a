// Every maximum of the product, with its unit in its name. Relations that must hold are asserted at
// the end.
#ifndef PALERMO_BASE_LIMITS_H_
#define PALERMO_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace palermo::limits {

// --- Envelope (docs/formats/envelope.md)
inline constexpr size_t kMaxHeaderBytes = 64 * 1024;
inline constexpr size_t kMaxStanzasBytes = 512 * 1024;
inline constexpr size_t kMinPaddedBodyBytes = 4096;
inline constexpr size_t kMaxPaddedBodyBytes = 1024 * 1024;
// Salt, commitment and one tag for each chunk of 16 KiB, with one to spare.
inline constexpr size_t kMaxSealedBodyBytes =
    kMaxPaddedBodyBytes + 56 + 16 * (kMaxPaddedBodyBytes / 16384 + 1);
inline constexpr size_t kMaxRecipients = 200;
inline constexpr size_t kMaxParents = 16;
inline constexpr size_t kMaxAttachments = 64;
inline constexpr size_t kMaxLegalBasisCodes = 32;
inline constexpr size_t kMaxApprovals = 8;
inline constexpr size_t kMaxSignatureListBytes = 8 * 1024;
inline constexpr int64_t kMaxMessageLifeMillis = int64_t{30} * 24 * 3600 * 1000;
// What went in an emergency to life with fewer approvals is confirmed within this time.
inline constexpr int64_t kConfirmationMillis = int64_t{24} * 3600 * 1000;
// A peer's confirmation in time may still be on its way; only then is it entered as missing.
inline constexpr int64_t kConfirmationNoticeMillis = int64_t{3600} * 1000;
inline constexpr size_t kMaxOpenConfirmations = 1000;
inline constexpr int64_t kMaxClockAheadMillis = int64_t{5} * 60 * 1000;
inline constexpr size_t kMaxParcelBytes =
    kMaxHeaderBytes + kMaxStanzasBytes + kMaxSealedBodyBytes + kMaxSignatureListBytes + 64 * 1024;

// --- Trust documents
inline constexpr size_t kMaxRosterBytes = 512 * 1024;
inline constexpr size_t kMaxCharterBytes = 64 * 1024;
inline constexpr size_t kMaxDirectoryBytes = 3 * 1024 * 1024;
inline constexpr size_t kMaxDocumentSignatures = 64;
// Of one state, to say whose key signed what is refused.
inline constexpr size_t kMaxChartersScanned = 32;
inline constexpr size_t kMaxStates = 250;
inline constexpr size_t kKeyIdBytes = 16;
inline constexpr size_t kMaxAuthoritiesPerState = 500;
// They fit into a directory beside everything else, also with the longest names and two TLS pins.
inline constexpr size_t kMaxOfficersPerState = 1500;
inline constexpr size_t kMaxOfficerEntryBytes = 1800;
inline constexpr size_t kMaxOtherDirectoryBytes = 256 * 1024;  // beside that many officers
inline constexpr size_t kMaxKeysPerRole = 16;
inline constexpr int64_t kMaxDirectoryLifeMillis = int64_t{30} * 24 * 3600 * 1000;
inline constexpr int64_t kDayMillis = int64_t{24} * 3600 * 1000;
inline constexpr int64_t kMaxRosterLifeMillis = 1827 * kDayMillis;
inline constexpr int64_t kMaxCharterLifeMillis = 731 * kDayMillis;
// After a roster's expiry: what exists goes on, nothing new is founded on it.
inline constexpr int64_t kRosterGraceMillis = 90 * kDayMillis;
// How long before the end the first warning comes.
inline constexpr int64_t kRosterWarningMillis = 90 * kDayMillis;
inline constexpr int64_t kCharterWarningMillis = 90 * kDayMillis;
inline constexpr int64_t kDirectoryExpiryWarningMillis = 10 * kDayMillis;
inline constexpr int64_t kMandateWarningMillis = 30 * kDayMillis;
inline constexpr int64_t kSealingKeyWarningMillis = 30 * kDayMillis;
inline constexpr int64_t kAttestationLifeMillis = 365 * kDayMillis;
inline constexpr int64_t kAttestationWarningMillis = 30 * kDayMillis;
inline constexpr size_t kMaxWaitingRosters = 16;
inline constexpr size_t kMaxPoliciesPerState = 500;
// Lists and texts of an entry; docs/formats/trust.md.
inline constexpr size_t kMaxEndpointBytes = 256;
inline constexpr size_t kMaxNameBytes = 256;
inline constexpr size_t kMaxEntryTextBytes = 2048;
inline constexpr size_t kMaxLanguageTagBytes = 35;
inline constexpr size_t kMaxNamesPerAuthority = 16;
inline constexpr size_t kMaxLanguagesPerList = 32;
inline constexpr size_t kMaxSealingKeysPerAuthority = 64;
inline constexpr size_t kMaxInstrumentsPerAuthority = 64;
inline constexpr size_t kMaxInstrumentBytes = 64;
inline constexpr size_t kMaxContactsPerAuthority = 16;
inline constexpr size_t kMaxHoursPerAuthority = 32;
inline constexpr size_t kMaxHolidaysPerAuthority = 128;
inline constexpr size_t kMaxTextsPerList = 32;
inline constexpr uint32_t kMaxCopies = 20;
// What one answer of documents holds; the caller asks again for more.
inline constexpr size_t kMaxRostersPerAnswer = 64;
inline constexpr size_t kMaxStepsPerAnswer = 32;
inline constexpr size_t kMaxStepBytesPerAnswer = 8 * 1024 * 1024;
inline constexpr size_t kMaxTrustAnswerBytes = 32 * 1024 * 1024;
inline constexpr int kMaxAnswersPerFetch = 200;
inline constexpr size_t kMaxFaultsPerPage = 200;
inline constexpr size_t kMaxWarningsPerAnswer = 1000;
inline constexpr size_t kMaxDocumentFileBytes = kMaxDirectoryBytes + 64 * 1024;
// Every roster since the first travels in one answer.
inline constexpr int kMaxDocumentsAnswerBytes = 64 * 1024 * 1024;
// Of each peer: hundreds of the largest directories, and all that a state publishes in a month of
// trouble.
inline constexpr uint64_t kMaxDocumentBytesPerDay = uint64_t{1} << 30;

// --- Officers and keys (docs/formats/officers.md)
inline constexpr int64_t kMaxBreakGlassMillis = int64_t{72} * 3600 * 1000;
inline constexpr size_t kMaxBreakGlassListed = 1000;
inline constexpr size_t kMaxEncapsulationBytes = 4096;
inline constexpr size_t kWrappedKeyBytes = 48;
// A rewrap carries, behind the content key, the keys of the compartments: id and key for each.
inline constexpr size_t kCompartmentKeyBytes = 4 + 32;
inline constexpr int kMaxCompartments = 16;
inline constexpr int kMaxCompartmentReaders = 16;
inline constexpr int kMaxCompartmentPersons = 64;
inline constexpr size_t kMaxCompartmentBytes = 256 * 1024;  // sealed
inline constexpr int64_t kMaxOpeningMillis = int64_t{24} * 3600 * 1000;
inline constexpr size_t kMaxRewrapsPerCall = 200;
inline constexpr size_t kMaxRewrapsPerMessage = 64;
inline constexpr size_t kMaxSealedPage = 200;
inline constexpr size_t kMaxOpenNotices = 1000;
inline constexpr uint32_t kGrantsToOfficersNeeded = 2;
inline constexpr size_t kMaxGrantsPerScan = 250000;
inline constexpr int64_t kKeyWindowWarningMillis = int64_t{30} * 24 * 3600 * 1000;
inline constexpr size_t kMaxOfficerRequestBytes = 16 * 1024;
inline constexpr size_t kMaxPassphraseBytes = 1024;
// How many messages one call looks at, so that it answers soon even when it finds nothing.
inline constexpr size_t kMaxDestroyLookedAt = 5000;
// A state never has so many; a scan must end all the same.
inline constexpr size_t kMaxBreakGlassScanned = kMaxBreakGlassListed * 100;
inline constexpr size_t kMaxTokenKeysFound = 8;
inline constexpr size_t kMaxTokenSlots = 256;
inline constexpr size_t kMaxTokenPointBytes = 64;

// --- Ledger
inline constexpr size_t kMaxRecordBytes = 16 * 1024;
inline constexpr size_t kMaxCheckpointBytes = 16 * 1024;
inline constexpr size_t kMaxNoteSignatures = 64;
inline constexpr size_t kMaxProofHashes = 64;
inline constexpr size_t kTileWidth = 256;
inline constexpr size_t kMaxAuditPageEntries = 1000;
// How many entries one call looks at, so that a filter that matches nothing still answers soon.
inline constexpr uint64_t kMaxAuditScannedEntries = 20000;
inline constexpr int kMaxAuditPages = 1000000;
// How many entries one value of the store has; part of the store's format.
inline constexpr size_t kEntriesPerValue = 64;

// --- Committer
inline constexpr size_t kMaxBatchDecisions = 512;
inline constexpr size_t kMaxBatchBytes = 4 * 1024 * 1024;
inline constexpr size_t kMaxQueuedDecisions = 8192;
// Beyond so many waiting nothing more is taken from peers: the rest is left for the own desks.
inline constexpr size_t kMaxQueuedPeerDecisions = 6144;
// A batch ends with the decision that reaches this many readings of a whole case, so that the
// others wait for no long batch.
inline constexpr size_t kMaxBatchWholeCases = 32;

// --- Exchange
inline constexpr size_t kMaxOutboxItemsPerPeer = 100000;
inline constexpr size_t kStreamWindowItems = 512;
inline constexpr size_t kStreamWindowBytes = 8 * 1024 * 1024;
inline constexpr int64_t kRetryMinMillis = 200;
inline constexpr int64_t kRetryMaxMillis = 60 * 1000;
inline constexpr size_t kMaxFrameBytes = 8 * 1024 * 1024;
inline constexpr size_t kMaxActsPerCase = 10000;
inline constexpr uint64_t kMaxHeldNumbers = 1000;
inline constexpr size_t kMaxQueuedBytes = 128 * 1024 * 1024;
inline constexpr size_t kMaxQueuedPeerBytes = 96 * 1024 * 1024;
inline constexpr size_t kMaxWaitingFrameBytes = 32 * 1024 * 1024;
inline constexpr int64_t kPeerFaultEntryMillis = 60 * 1000;
// Of one peer in that time: each with a proof of its own, the others once for each code.
inline constexpr size_t kMaxPeerFaultEntries = 32;
// Of each peer; the entries of what comes after have the hash alone.
inline constexpr uint64_t kMaxKeptProofBytes = 64 * 1024 * 1024;
// Of each peer: what no proof goes with, such as a frame that is none.
inline constexpr uint64_t kMaxKeptPlainFaults = 200;
// That wait in memory to be entered, while the queue is full or the node cannot sign.
inline constexpr size_t kMaxWaitingFaults = 64;
inline constexpr size_t kMaxWaitingFaultsOfAPeer = 8;
// Of what a link to a peer is told to be in.
inline constexpr size_t kMaxLinkTextBytes = 200;
// A notice or a filled number: identifiers, a statement, a signature and a receipt.
inline constexpr size_t kMaxNoticeBytes = 64 * 1024;
// A peer whose entries name a directory that its node does not give for so long has a fault.
inline constexpr int64_t kMissingDirectoryMillis = 60 * 60 * 1000;
inline constexpr size_t kMaxPendingDraftsPerAuthority = 1000;
inline constexpr size_t kMaxInboxPage = 500;
// Drafts of all authorities that one page of a list of drafts reads through.
inline constexpr size_t kMaxDraftsReadPerPage = 1000;
inline constexpr size_t kMaxCachedReceipts = 16384;
// What was written and is read again soon, such as messages that wait for their peer.
inline constexpr size_t kMaxRecentWriteBytes = 64 * 1024 * 1024;
inline constexpr size_t kMaxGrantsPerCall = 1000;
inline constexpr int64_t kTickMillis = 500;
inline constexpr size_t kMaxExpiriesPerTick = 256;
inline constexpr size_t kMaxDamagesTold = 100;
// Messages that waited and are judged in one decision: each may need the facts of its whole case.
inline constexpr size_t kMaxNumbersJudged = 16;
inline constexpr int kMaxStreamsPerConnection = 128;
inline constexpr size_t kMaxLoggedWarnings = 100;
inline constexpr size_t kMaxLogValueBytes = 2048;
inline constexpr size_t kMaxTlsCodeBytes = 64;
// A status travels in HTTP/2 trailers, which both sides limit to 8 KiB.
inline constexpr size_t kMaxTlsTextBytes = 1024;
// What the node locks in memory for keys, passphrases and PINs, with some to spare.
inline constexpr size_t kNodeSecretBytes = 256 * 1024;
// Of the store's newest files, read and checked at each start: about a second.
inline constexpr uint64_t kStartScrubBytes = uint64_t{256} * 1024 * 1024;
// Of a running node's stored files: each is read once a day, or as often as this rate allows.
inline constexpr uint64_t kScrubBytesPerSecond = uint64_t{4} * 1024 * 1024;
inline constexpr int64_t kScrubRoundSeconds = 24 * 60 * 60;
// Of a backup on another disk; on the same one nothing is copied.
inline constexpr uint64_t kBackupBytesPerSecond = uint64_t{64} * 1024 * 1024;
inline constexpr uint64_t kBackupChunkBytes = uint64_t{8} * 1024 * 1024;
// After one that failed.
inline constexpr int64_t kBackupRetrySeconds = 15 * 60;
inline constexpr int kMaxBackupEveryHours = 24 * 365;
inline constexpr int kMaxBackupsKept = 1000;
inline constexpr size_t kMaxBackupAnswerBytes = 8 * 1024;
inline constexpr int64_t kBackupAskSeconds = 5;  // to connect and to say what is wanted
inline constexpr int64_t kUnknownCallerEntryMillis = 10 * 1000;
inline constexpr int64_t kWrongKeyEntryMillis = 60 * 60 * 1000;  // of each peer

// --- Desk
inline constexpr size_t kDeskSecretBytes = 256 * 1024;
inline constexpr size_t kMaxRequestFileBytes = 900 * 1024;
inline constexpr size_t kMaxBodyTextBytes = 256 * 1024;
inline constexpr size_t kMaxTreatyListBytes = 256 * 1024;  // of a directory; some 5000 lines
inline constexpr size_t kMaxTreatyStatusBytes = 4 * 1024 * 1024;
inline constexpr size_t kMaxCaseFileBytes = 16 * 1024 * 1024;
inline constexpr size_t kMaxTrustMemoryBytes = 512 * 1024 * 1024;
inline constexpr size_t kMaxEvidenceRosters = 1000;
inline constexpr int kMaxEvidenceDirectories = 1000;
inline constexpr size_t kMaxReceiptFileBytes = 256 * 1024;
inline constexpr size_t kMaxPublicKeyFileBytes = 64 * 1024;
inline constexpr size_t kMaxStatementFileBytes = 16 * 1024;
inline constexpr size_t kMaxDeskConfigBytes = 64 * 1024;
inline constexpr size_t kMaxConsoleAnswerBytes = 200;
inline constexpr int kMaxInboxPages = 1000;

// --- Letters
inline constexpr size_t kMaxLetterTextBytes = 64 * 1024;
inline constexpr int kMaxLetterPages = 500;
// --- Route intelligence and joint operations
inline constexpr int kMaxRouteLegs = 500;
inline constexpr int kMaxReportIdentifiers = 2000;
inline constexpr size_t kMaxReportIdBytes = 64;
inline constexpr size_t kMaxRouteCsvBytes = 8 * 1024 * 1024;
inline constexpr size_t kMaxRouteCsvRows = 10000;
inline constexpr size_t kMaxCsvCellBytes = 64 * 1024;
inline constexpr size_t kMaxCsvColumns = 256;
inline constexpr size_t kMaxPlacesBytes = 64 * 1024 * 1024;
inline constexpr size_t kMaxPlaces = 500000;
inline constexpr size_t kMaxOperationRecords = 10000;
// Of a state that takes no part, where more records are here than an operation holds.
inline constexpr size_t kMaxStrangerRecords = 100;
inline constexpr size_t kMaxStrangersRecords = 1000;  // of all of those
inline constexpr size_t kMaxOperationParents = 64;
// Each look goes through all records. Nobody needs more aborts: of further ones the text that is
// safe is told at once.
inline constexpr size_t kMaxPlacedAborts = 16;
inline constexpr size_t kMaxClosingCounters = 10000;
// Of one mail between members; what does not fit goes in the next.
inline constexpr size_t kMaxOperationMailRecords = 200;
inline constexpr size_t kMaxOperationMailBytes = 192 * 1024;
// Pages of one list that a desk reads from its node: one that never ends is given up.
inline constexpr int kMaxListPages = 10000;
// Each brings a whole message with its proofs.
inline constexpr size_t kMaxRelaysPerMail = 1;
inline constexpr size_t kMaxOperationMails = 20000;  // that one desk reads
// Of them from one other state: who sends more stops nothing but his own.
inline constexpr size_t kMaxOperationMailsOfAState = 5000;
inline constexpr size_t kMaxOperationAsks = 200;  // for missing records, at one time
inline constexpr size_t kOperationIdChars = 64;   // of a record or operation: SHA-256 in hex
inline constexpr size_t kMaxKeptMailBytes = 4 * 1024 * 1024;
inline constexpr uint32_t kMaxPostingsPerIdentifier = 1000;
inline constexpr size_t kMaxIdentifierBytes = 256;
inline constexpr size_t kMaxCasebookResults = 1000;
inline constexpr size_t kMaxCasebookCandidates = 10000;
inline constexpr size_t kMaxCasebookWords = 64;
inline constexpr size_t kMaxCasebookKeyBytes = 8 * 1024;
inline constexpr size_t kCasebookBatchMessages = 100;

static_assert(kMaxParcelBytes < kMaxFrameBytes);
static_assert(kMaxOfficersPerState * kMaxOfficerEntryBytes + kMaxOtherDirectoryBytes <=
              kMaxDirectoryBytes);
static_assert(kMaxDirectoryBytes < kMaxBatchBytes);
static_assert(kMaxBatchDecisions <= kMaxQueuedPeerDecisions);
static_assert(kMaxQueuedPeerDecisions < kMaxQueuedDecisions);
static_assert(kMaxNoticeBytes < kMaxParcelBytes);
static_assert(kStreamWindowBytes >= kMaxParcelBytes);
static_assert(kMinPaddedBodyBytes < kMaxPaddedBodyBytes);
static_assert(kMaxRequestFileBytes + 8 < kMaxPaddedBodyBytes);

}  // namespace palermo::limits

#endif  // PALERMO_BASE_LIMITS_H_
