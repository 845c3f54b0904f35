import sqlite3,time,random
chars=[chr(0x4e00+i) for i in range(3000)]
random.seed(1)
def text():
    a=''.join(random.choices(chars,k=14)); b=''.join(random.choices(chars,k=16)); c='91'+str(random.randrange(10**16))
    bi=lambda s:[s[i:i+2] for i in range(len(s)-1)]+[s[-1]]
    return ' '.join(bi(a)+bi(b)+[c])
N=200000
t=time.time();T=[text() for _ in range(N)];print('gen',time.time()-t)
for hs in (1,64):
    db=sqlite3.connect('/tmp/s1/f%d.db'%hs,isolation_level=None)
    db.execute('drop table if exists f')
    db.execute('pragma journal_mode=wal');db.execute('pragma cache_size=-262144')
    db.execute("create virtual table f using fts5(t0,t1,t2,t3,content='',tokenize='unicode61 remove_diacritics 0',detail=column)")
    db.execute("insert into f(f,rank) values('hashsize',?)",(hs<<20,))
    t=time.time();db.execute('begin')
    db.executemany('insert into f(rowid,t0,t1,t2,t3) values(?,?,?,?,?)',((i,x,'','','') for i,x in enumerate(T,1)))
    t1=time.time();db.execute('commit');print(hs,t1-t,time.time()-t1)
    t=time.time();print(db.execute("select count(*) from f where f match '\"9112\"*'").fetchone(),time.time()-t)
    db.execute('begin');
    r=db.execute('create virtual table if not exists rt using rtree(id,a,b,c,d)')
    t=time.time()
    db.executemany('insert into rt values(?,?,?,?,?)',((i,x,x,y,y) for i,x,y in ((i,random.random(),random.random()) for i in range(N))))
    print('rtree',time.time()-t); db.execute('rollback')
