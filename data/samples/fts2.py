import sqlite3,time,random,json
chars=[chr(0x4e00+i) for i in range(3000)]
random.seed(1)
def text():
    a=''.join(random.choices(chars,k=14)); b=''.join(random.choices(chars,k=16)); c='91'+str(random.randrange(10**16))
    bi=lambda s:[s[i:i+2] for i in range(len(s)-1)]+[s[-1]]
    return ' '.join(bi(a)+bi(b)+[c])
N=200000
T=[text() for _ in range(N)]
for tok in ("unicode61 remove_diacritics 0","ascii"):
  for opts in ({},{'pgsz':16000},{'automerge':0,'crisismerge':64},{'hashsize':4<<20,'automerge':0,'crisismerge':64}):
    db=sqlite3.connect(':memory:' if 0 else '/tmp/s1/f.db',isolation_level=None)
    db.execute('drop table if exists f')
    db.execute('pragma journal_mode=wal');db.execute('pragma cache_size=-262144')
    db.execute(f"create virtual table f using fts5(t0,t1,t2,t3,content='',tokenize='{tok}',detail=column)")
    for k,v in opts.items(): db.execute("insert into f(f,rank) values(?,?)",(k,v))
    t=time.time();db.execute('begin')
    for s in range(0,N,50000):
        db.execute("insert into f(rowid,t0,t1,t2,t3) select key+?,value,'','','' from json_each(?)",(s,json.dumps(T[s:s+50000],ensure_ascii=False)))
    t1=time.time();db.execute('commit');print(tok,opts,t1-t,time.time()-t1)
    t=time.time();print(db.execute("select count(*) from f where f match '\"9112\"*'").fetchone(),time.time()-t)
