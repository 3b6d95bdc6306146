"""The numbers to hold. They are floors: look for more."""

RATES = {
    "programme page": 0.30,
    "session page": 0.30,
    "speakers page": 0.30,
    "programme feed": 0.30,
    "programme page, unchanged (304)": 0.35,
    "programme feed, unchanged (304)": 0.35,
    "registration form": 0.05,
}
REGISTRATIONS = 0.006  # complete registrations a second, against hello's answers a second
LOCK_MS = 20.0
FIRST_RENDER = 80.0  # first programme page after a release, against hello's latency
PER_SESSION = 1.3  # the same per session, 1,000 sessions against 60
LONG_LIST = 2.0  # registrations list, 10,000 rows against 100
PITCH_TABLE = 2.0  # pitch table, 500 rows and 1,500 reviews against 5
STATEMENTS_CACHED = 1
MEMORY_MB = 160.0
START_SECONDS = 2.0
WEIGHT_KB = 100.0
REQUESTS = 10
BESIDE_UPLOADS = 0.8  # programme page beside eight slow uploads, against without them
UPLOAD_MB = 20.0  # what the process may grow while it takes 50 MB
VAST_MB = 8.0  # what may be sent of 2 GiB before the refusal, when its length is said
VAST_UNSAID_MB = 64.0  # and when it is not
DOWNLOADS = 0.05  # bytes a second against nginx with the same file
